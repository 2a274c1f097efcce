//! The keyboard-interactive callback, called as libssh2 calls it.

use super::*;
use crate::secret::Secret;
use crate::ssh::engine::Prompt;
use std::net::TcpListener;

struct Call {
    context: Rc<Context>,
}

impl Call {
    fn new(asker: Option<Asker>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        Self {
            context: Rc::new(Context {
                wire: RefCell::new(Wire::new(stream)),
                asker: RefCell::new(asker),
            }),
        }
    }

    /// Calls with these prompt texts (`None`: a null pointer), gives back the answers.
    fn prompts(&self, texts: &[Option<&[u8]>]) -> Vec<Option<Vec<u8>>> {
        let prompts: Vec<_> = texts
            .iter()
            .map(|text| raw::LIBSSH2_USERAUTH_KBDINT_PROMPT {
                text: text.map_or(std::ptr::null_mut(), |t| t.as_ptr().cast_mut()),
                length: text.map_or(0, <[u8]>::len),
                echo: 1,
            })
            .collect();
        let mut responses: Vec<_> = texts
            .iter()
            .map(|_| raw::LIBSSH2_USERAUTH_KBDINT_RESPONSE {
                text: std::ptr::null_mut(),
                length: 0,
            })
            .collect();
        let mut user = Rc::as_ptr(&self.context).cast_mut().cast::<c_void>();
        let (prompts_at, responses_at) = if texts.is_empty() {
            (std::ptr::null(), std::ptr::null_mut())
        } else {
            (prompts.as_ptr(), responses.as_mut_ptr())
        };
        on_prompts(
            std::ptr::null(),
            0,
            std::ptr::null(),
            0,
            c_int::try_from(texts.len()).unwrap(),
            prompts_at,
            responses_at,
            &mut user,
        );
        responses
            .iter()
            .map(|response| {
                if response.text.is_null() {
                    return None;
                }
                // SAFETY: the callback allocated it with this length.
                unsafe {
                    let answer = bytes(response.text.cast(), response.length as usize).to_vec();
                    libc::free(response.text.cast());
                    Some(answer)
                }
            })
            .collect()
    }

    fn is_cut(&self) -> bool {
        self.context.wire.borrow().end() == Some(super::super::wire::End::Cut)
    }
}

/// An asker whose questions are answered by the function on another thread.
fn answered(respond: impl Fn(&[Prompt]) -> Vec<Secret> + Send + 'static) -> Asker {
    let (asker, mut rounds) = Asker::new();
    std::thread::spawn(move || {
        while let Some((questions, reply)) = rounds.blocking_recv() {
            let _ = reply.send(respond(&questions));
        }
    });
    asker
}

#[test]
fn an_empty_prompt_is_a_question_like_any_other() {
    let call = Call::new(Some(answered(|questions| {
        assert_eq!(questions[0].text, "");
        assert_eq!(questions[1].text, "Password: ");
        vec![Secret::from(""), Secret::from("pw")]
    })));
    assert_eq!(
        call.prompts(&[None, Some(b"Password: ")]),
        [Some(Vec::new()), Some(b"pw".to_vec())]
    );
    assert!(!call.is_cut());
}

#[test]
fn a_round_without_questions_is_answered_with_nothing() {
    let call = Call::new(Some(answered(|_| vec![Secret::from("unasked")])));
    assert!(call.prompts(&[]).is_empty());
    assert!(!call.is_cut());
}

#[test]
fn missing_answers_are_empty_and_long_questions_are_cut() {
    let call = Call::new(Some(answered(|questions| {
        assert!(questions[0].text.len() <= 4096);
        Vec::new()
    })));
    let long = vec![0xff_u8; 100_000];
    assert_eq!(call.prompts(&[Some(&long)]), [Some(Vec::new())]);
}

#[test]
fn too_many_questions_end_the_login() {
    let call = Call::new(Some(answered(|_| Vec::new())));
    assert_eq!(call.prompts(&[Some(&b"?"[..]); 32]).len(), 32);
    assert!(!call.is_cut());
    assert_eq!(call.prompts(&[Some(&b"?"[..]); 33]), vec![None; 33]);
    assert!(call.is_cut());
    let refusal = call.context.asker.borrow().as_ref().unwrap().refusal();
    assert_eq!(refusal, Some("the server asked too many questions at once"));
}

#[test]
fn too_many_rounds_end_the_login() {
    let call = Call::new(Some(answered(|_| Vec::new())));
    for _ in 0..16 {
        call.prompts(&[Some(b"?")]);
        assert!(!call.is_cut());
    }
    call.prompts(&[Some(b"?")]);
    assert!(call.is_cut());
}

#[test]
fn nobody_to_answer_ends_the_login() {
    let (asker, rounds) = Asker::new();
    drop(rounds);
    let call = Call::new(Some(asker));
    call.prompts(&[Some(b"?")]);
    assert!(call.is_cut());
    let call = Call::new(None);
    call.prompts(&[Some(b"?")]);
    assert!(call.is_cut());
}
