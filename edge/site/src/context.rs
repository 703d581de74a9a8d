use heard_wire::Timestamp;

/// What the shell brings in: the moment and fresh random bytes.
pub struct Context<'a> {
    /// The moment.
    pub now: Timestamp,
    /// Sixteen fresh random bytes at each call.
    pub random: &'a mut dyn FnMut() -> [u8; 16],
}
