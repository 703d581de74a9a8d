/// Sending did not work out; the customer's words stay where they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The Worker could not be reached: it is tried again.
    Failed,
    /// There is no network: it goes out by itself.
    Waiting,
    /// The words are more than the Worker takes; only it counts them, so that both never disagree.
    TooLong,
    /// Neither an email address nor a phone number.
    BadContact,
    /// The owner has closed the survey meanwhile.
    Over,
}
