//! The routes beside the contract that look at and change files, on both SSH engines and
//! every FTP server.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helpers fail the test, as the test itself does"
)]

mod between;
mod changing;
mod ground;
mod leaving;
mod looking;
mod paging;

use changing::*;
use ground::everywhere;
use leaving::*;
use looking::*;

everywhere![
    a_large_directory_comes_in_parts_without_gap_or_repeat,
    an_entry_tells_what_the_server_says,
    a_tree_is_measured,
    checksums_are_what_the_server_computes,
    what_a_session_can_do,
    wrong_requests_say_what_is_wrong,
    a_tree_is_removed_and_what_a_link_leads_to_stays,
    directories_are_made_with_and_without_parents,
    renaming_replaces_only_when_told,
    copies_are_whole_and_replace_only_when_told,
    attributes_change_or_are_refused,
    links_and_space_or_a_clear_no,
    a_name_that_is_no_text_goes_the_whole_way,
    requests_given_up_leave_the_session_usable,
];
