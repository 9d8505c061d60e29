//! What every page shares.

pub mod address;
pub mod ago;
pub mod assets;
pub mod cookies;
pub mod csrf;
pub mod csv_text;
pub mod filters;
pub mod flash;
pub mod form;
pub mod guard;
pub mod headers;
pub mod limits;
pub mod local_time;
pub mod member_shell;
pub mod money;
pub mod number;
pub mod page;
pub mod paging;
pub mod period;
pub mod request_span;
pub mod shell;
pub mod slip;
pub mod text;
pub mod theme;
pub mod throttle;
pub mod visitor_shell;
pub mod wrong_method;

pub use address::Address;
pub use flash::Flash;
pub use form::{FieldErrors, Form, SaveError, Upload};
pub use member_shell::MemberShell;
pub use page::{PageResult, gone, rejected, see_other, see_other_with, show};
pub use paging::{Keyset, Slice};
pub use period::Period;
pub use shell::Shell;
pub use visitor_shell::VisitorShell;
