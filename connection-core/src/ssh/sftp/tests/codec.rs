//! Any bytes at all through the decoder, and what is encoded comes back.

use super::super::attrs::Attrs;
use super::super::codec::{Fields, kind};
use super::super::reply::{Expect, NameEntry, Reply};
use super::super::request::Request;
use super::support::string;
use bytes::{BufMut, Bytes, BytesMut};
use proptest::prelude::*;

const EXPECTED: [Expect; 6] = [
    Expect::Status,
    Expect::Handle,
    Expect::Data { max: 100 },
    Expect::Names,
    Expect::Attrs,
    Expect::Extended,
];

const KINDS: [u8; 7] = [101, 102, 103, 104, 105, 201, 3];

fn encode_names(names: &[(Vec<u8>, Vec<u8>, Attrs)]) -> Bytes {
    let mut out = BytesMut::new();
    out.put_u32(names.len() as u32);
    for (name, long, attrs) in names {
        out.put_slice(&string(name));
        out.put_slice(&string(long));
        attrs.encode(&mut out);
    }
    out.freeze()
}

fn attrs() -> impl Strategy<Value = Attrs> {
    any::<(
        Option<u64>,
        Option<(u32, u32)>,
        Option<u32>,
        Option<(u32, u32)>,
    )>()
    .prop_map(|(size, owner, mode, times)| Attrs {
        size,
        owner,
        mode,
        times,
    })
}

proptest! {
    #[test]
    fn no_reply_makes_the_decoder_panic(body: Vec<u8>, kind in 0usize..7, expect in 0usize..6) {
        let _ = Reply::decode(KINDS[kind], Bytes::from(body), EXPECTED[expect]);
    }

    #[test]
    fn names_come_back(
        names in proptest::collection::vec((any::<Vec<u8>>(), any::<Vec<u8>>(), attrs()), 0..6)
    ) {
        let want: Vec<NameEntry> = names
            .iter()
            .map(|(name, long, attrs)| NameEntry {
                name: Bytes::copy_from_slice(name),
                long_name: Bytes::copy_from_slice(long),
                attrs: *attrs,
            })
            .collect();
        let got = Reply::decode(104, encode_names(&names), Expect::Names);
        prop_assert_eq!(got, Ok(Reply::Names(want)));
    }

    #[test]
    fn a_cut_names_reply_is_an_error(
        names in proptest::collection::vec((any::<Vec<u8>>(), any::<Vec<u8>>(), attrs()), 1..4),
        cut in 1usize..8,
    ) {
        let bytes = encode_names(&names);
        let bytes = bytes.slice(..bytes.len() - cut.min(bytes.len()));
        prop_assert!(Reply::decode(104, bytes, Expect::Names).is_err());
    }

    #[test]
    fn a_write_is_whole_and_its_payload_is_not_copied(
        id: u32,
        handle in proptest::collection::vec(any::<u8>(), 0..200),
        offset: u64,
        data: Vec<u8>,
    ) {
        let data = Bytes::from(data);
        let frame = Request::Write { handle: &handle, offset, data: data.clone() }.encode(id);
        prop_assert_eq!(frame.payload.as_ptr(), data.as_ptr());
        let mut fields = Fields::new(frame.head.slice(5..));
        let length = u32::from_be_bytes(frame.head[..4].try_into().unwrap()) as usize;
        prop_assert_eq!(length + 4, frame.head.len() + frame.payload.len());
        prop_assert_eq!(frame.head[4], 6);
        prop_assert_eq!(fields.u32(), Ok(id));
        prop_assert_eq!(fields.string().unwrap(), handle);
        prop_assert_eq!(fields.u64(), Ok(offset));
        prop_assert_eq!(fields.u32(), Ok(data.len() as u32));
        prop_assert_eq!(fields.remaining(), 0);
    }

    #[test]
    fn an_open_is_encoded_field_by_field(id: u32, path: Vec<u8>, flags: u32, attrs in attrs()) {
        let frame = Request::Open { path: &path, flags, attrs }.encode(id);
        let mut fields = Fields::new(frame.head.slice(5..));
        prop_assert_eq!(fields.u32(), Ok(id));
        prop_assert_eq!(fields.string().unwrap(), path);
        prop_assert_eq!(fields.u32(), Ok(flags));
        prop_assert_eq!(Attrs::decode(&mut fields), Ok(attrs));
        prop_assert_eq!(fields.remaining(), 0);
    }
}

#[test]
fn a_count_of_names_is_believed_only_as_far_as_the_packet_goes() {
    let body = Bytes::from_static(&[0xff; 64]);
    assert!(Reply::decode(104, body, Expect::Names).is_err());
}

#[test]
fn replies_of_another_type_are_refused() {
    let handle = Bytes::from(string(b"h"));
    assert!(Reply::decode(102, handle.clone(), Expect::Status).is_err());
    assert!(Reply::decode(102, handle.clone(), Expect::Names).is_err());
    assert!(Reply::decode(102, handle, Expect::Handle).is_ok());
    let success = Bytes::from_static(&[0; 12]);
    assert!(Reply::decode(101, success.clone(), Expect::Handle).is_err());
    assert!(Reply::decode(101, success, Expect::Status).is_ok());
    assert!(Reply::decode(kind::VERSION, Bytes::new(), Expect::Status).is_err());
}

#[test]
fn more_data_than_asked_for_is_refused() {
    let data = Bytes::from(string(&[7; 101]));
    assert!(Reply::decode(103, data, Expect::Data { max: 100 }).is_err());
    let data = Bytes::from(string(&[7; 100]));
    assert!(Reply::decode(103, data, Expect::Data { max: 100 }).is_ok());
    let handle = Bytes::from(string(&[7; 257]));
    assert!(Reply::decode(102, handle, Expect::Handle).is_err());
}
