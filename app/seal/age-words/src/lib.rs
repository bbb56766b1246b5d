//! Stands in for the crate of the same name, with which age translates its error messages. Nobody is
//! shown those: every error of `seal` has words of our own. The real one brings a whole translation
//! engine to every phone.

/// The name of a message instead of its words.
#[macro_export]
macro_rules! fl {
    ($loader:expr, $message:expr $(, $($filled:tt)*)?) => {
        ::std::string::String::from($message)
    };
}
