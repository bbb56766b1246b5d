//! Moving a part of the card behind the lock and back. The lock has to be open, or have no PIN.
//!
//! Behind it: [`hide`], then keep the card it gives back. Back to others: [`show`], keep the card,
//! then [`forget`]. In this order no word is ever kept nowhere.

use domain::card::{Card, Layer, Part};
use domain::lock::Name;
use domain::private::Private;

use crate::platform::locks;

/// Why a part stays where it is. Nothing is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stays {
    /// The lock is closed: ask for the PIN first (`locks::ask_pin`), then try again.
    Closed,
    /// Photos do not go behind the lock.
    NotMovable,
    /// A newer version wrote what is there.
    Unreadable,
    /// It could not be read or kept.
    Failed,
}

/// Reads what is behind the lock; nothing yet is an empty layer.
pub async fn read() -> Result<Private, Stays> {
    let bytes = locks::read(Name::Card).await.map_err(|code| stays(&code))?;
    bytes.map_or(Ok(Private::default()), |bytes| {
        Private::from_bytes(&bytes).map_err(|_| Stays::Unreadable)
    })
}

/// Locks the words of a part away, and gives back the card without them, to be kept next.
pub async fn hide(mut card: Card, part: Part) -> Result<Card, Stays> {
    let mut private = read().await?;
    private
        .hide(&mut card, part)
        .map_err(|_| Stays::NotMovable)?;
    keep(&private).await?;
    Ok(card)
}

/// The card with the words of a part in it again, for this layer, to be kept next.
pub async fn show(mut card: Card, part: Part, layer: Layer) -> Result<Card, Stays> {
    let private = read().await?;
    private.show(&mut card, part, layer);
    Ok(card)
}

/// Lets go of a part's words behind the lock, once the card that has them is kept.
pub async fn forget(part: Part) -> Result<(), Stays> {
    let mut private = read().await?;
    private.forget(part);
    keep(&private).await
}

async fn keep(private: &Private) -> Result<(), Stays> {
    let kept = locks::keep(Name::Card, &private.to_bytes()).await;
    kept.map_err(|code| stays(&code))
}

fn stays(code: &str) -> Stays {
    if code == "closed" {
        Stays::Closed
    } else {
        Stays::Failed
    }
}
