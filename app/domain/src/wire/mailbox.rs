//! What the holder of a receipt may know of their report, and what goes to and fro.

use serde::{Deserialize, Serialize};

use crate::id::MessageId;
use crate::time::Timestamp;

/// Largest sealed message in bytes.
pub const MAX_MESSAGE: usize = 64 * 1024;
/// Most messages that one mailbox takes from its holder.
pub const MAX_MESSAGES: usize = 50;
/// What the body of `PUT /api/mailboxes/{id}/messages/{message}` is called.
pub const MESSAGE_TYPE: &str = "application/vnd.age";

/// What the holder of a receipt may know. A mailbox that does not exist answers as an empty one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MailboxState {
    /// Whether there is a report; absent in an empty mailbox. Where it stands is in `stages`.
    #[serde(default)]
    pub report: Option<ReportState>,
    /// Whose it is: what its holder writes is sealed to this centre.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub centre: Option<String>,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stages: Option<Stages>,
    /// What went to and fro, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<Message>,
}

/// That there is a report. Phones of the first release know this word and no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ReportState {
    /// On the server's disk.
    Received,
}

/// How far a report has come, with the hour of each stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stages {
    /// When it arrived.
    pub received: Timestamp,
    /// False while pictures or other parts are missing.
    pub complete: bool,
    /// When somebody at the centre read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<Timestamp>,
    /// When it was passed on, to the police for example: from then on it cannot be withdrawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed_on: Option<Timestamp>,
    /// When the centre closed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Timestamp>,
}

impl Stages {
    /// The stage it has reached.
    pub fn latest(&self) -> Stage {
        let reached = [
            (self.closed, Stage::Closed),
            (self.passed_on, Stage::PassedOn),
            (self.read, Stage::Read),
        ];
        let latest = reached.into_iter().find(|(when, _)| when.is_some());
        latest.map_or(Stage::Received, |(_, stage)| stage)
    }
}

/// A stage that a report can reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// It arrived.
    Received,
    /// Somebody read it.
    Read,
    /// It was passed on.
    PassedOn,
    /// It was closed.
    Closed,
}

/// A message, sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    /// Drawn by its writer.
    pub id: MessageId,
    /// Who wrote it.
    pub from: Side,
    /// The hour it arrived.
    pub hour: Timestamp,
    /// An age file in base64: to the receipt's identity, or to the centre's.
    pub sealed: String,
}

/// One of the two who write to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The reporting centre.
    Centre,
    /// Whoever holds the receipt.
    Reporter,
}

/// The answer to a message: it survives the server's death.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Taken {
    /// The message's id, which only our own server repeats.
    pub taken: MessageId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_mailbox_says_what_it_always_said() {
        let json = serde_json::to_string(&MailboxState::default()).expect("plain data");
        assert_eq!(json, r#"{"report":null}"#);
    }

    #[test]
    fn the_latest_stage_counts() {
        let hour = Some(Timestamp(1));
        let mut stages = Stages {
            received: Timestamp(0),
            complete: true,
            read: None,
            passed_on: None,
            closed: None,
        };
        assert_eq!(stages.latest(), Stage::Received);
        stages.closed = hour;
        assert_eq!(stages.latest(), Stage::Closed);
        (stages.closed, stages.read) = (None, hour);
        assert_eq!(stages.latest(), Stage::Read);
    }
}
