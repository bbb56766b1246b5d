//! To whom reports are sealed, and why a phone believes it: keysets, the root key that signs them, the pin.

use std::collections::BTreeSet;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::wire::{Scheme, SignedKeyset};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::identity;
use crate::randomness::{self, NoRandomness};

/// Stands before the signed bytes, so that a signature means a keyset and nothing else.
const SIGNED_AS: &[u8] = b"safe-place keyset v1\n";

/// The public keys reports are sealed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keyset {
    /// Grows with every keyset the root signs; phones refuse to go back.
    pub version: u32,
    /// One for each reporting centre.
    pub centres: Vec<CentreKey>,
    /// The age recipient whose identity lies offline; every report is sealed to it as well.
    pub recovery: String,
}

/// A centre's public key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CentreKey {
    /// The centre's id, as in the scheme.
    pub id: String,
    /// An age recipient: `age1…`.
    pub recipient: String,
}

impl Keyset {
    /// The key of this centre.
    pub fn centre(&self, id: &str) -> Option<&CentreKey> {
        self.centres.iter().find(|centre| centre.id == id)
    }

    /// Whether it names at least one centre, none twice, and every key is an age recipient.
    fn is_usable(&self) -> bool {
        let ids: BTreeSet<_> = self.centres.iter().map(|centre| &centre.id).collect();
        !ids.is_empty()
            && ids.len() == self.centres.len()
            && self
                .centres
                .iter()
                .all(|centre| identity::is_recipient(&centre.recipient))
            && identity::is_recipient(&self.recovery)
    }
}

/// The public key that signs keysets: Ed25519.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootKey(VerifyingKey);

/// A text that is not a root key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotARoot;

impl fmt::Display for NotARoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a root key is 32 bytes in base64")
    }
}

impl std::error::Error for NotARoot {}

impl RootKey {
    /// Reads a public key from base64; space around it does no harm.
    pub fn from_base64(text: &str) -> Result<Self, NotARoot> {
        let key = VerifyingKey::from_bytes(&*bytes32(text)?).map_err(|_| NotARoot)?;
        // A weak key would accept signatures that nobody made.
        if key.is_weak() {
            return Err(NotARoot);
        }
        Ok(Self(key))
    }

    /// Whether it made this signature over exactly these bytes.
    pub(crate) fn signed(&self, bytes: &[u8], signature: &Signature) -> bool {
        self.0.verify_strict(bytes, signature).is_ok()
    }

    /// The written form.
    pub fn to_base64(&self) -> String {
        BASE64.encode(self.0.as_bytes())
    }
}

/// The secret half of a [`RootKey`]. Kept off the server.
pub struct RootSeed(SigningKey);

impl fmt::Debug for RootSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RootSeed")
    }
}

impl RootSeed {
    /// A new root.
    pub fn draw() -> Result<Self, NoRandomness> {
        Ok(Self(SigningKey::from_bytes(&*randomness::draw()?)))
    }

    /// Reads a seed from base64; space around it does no harm.
    pub fn from_base64(text: &str) -> Result<Self, NotARoot> {
        Ok(Self(SigningKey::from_bytes(&*bytes32(text)?)))
    }

    /// The written form.
    pub fn to_base64(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64.encode(self.0.as_bytes()))
    }

    /// The key others check signatures with.
    pub fn public(&self) -> RootKey {
        RootKey(self.0.verifying_key())
    }

    /// Signs a keyset. One that no phone would take is not signed.
    pub fn sign(&self, keyset: &Keyset) -> Result<SignedKeyset, KeysetError> {
        if !keyset.is_usable() {
            return Err(KeysetError::NotAKeyset);
        }
        let json = serde_json::to_string(keyset).map_err(|_| KeysetError::NotAKeyset)?;
        let signature = self.0.sign(&signed_bytes(&json));
        Ok(SignedKeyset {
            signature: BASE64.encode(signature.to_bytes()),
            keyset: json,
        })
    }
}

/// Why a signed keyset is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeysetError {
    /// This root did not sign these bytes.
    BadSignature,
    /// Signed, but no keyset: not its shape, no centre, a centre twice, or a key that is none.
    NotAKeyset,
}

impl fmt::Display for KeysetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BadSignature => "this root did not sign this keyset",
            Self::NotAKeyset => {
                "a keyset names one or more centres, each once, and recovery, each with an age1… key"
            }
        })
    }
}

impl std::error::Error for KeysetError {}

/// The keyset, if this root signed exactly these bytes.
pub fn verify(signed: &SignedKeyset, root: &RootKey) -> Result<Keyset, KeysetError> {
    let signature = BASE64
        .decode(signed.signature.as_bytes())
        .ok()
        .and_then(|bytes| Signature::from_slice(&bytes).ok())
        .ok_or(KeysetError::BadSignature)?;
    if !root.signed(&signed_bytes(&signed.keyset), &signature) {
        return Err(KeysetError::BadSignature);
    }
    serde_json::from_str::<Keyset>(&signed.keyset)
        .ok()
        .filter(Keyset::is_usable)
        .ok_or(KeysetError::NotAKeyset)
}

/// What a phone remembers of the scheme it first met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// The root key, in base64.
    pub root: String,
    /// Whether the scheme was a sample from the first day. Never becomes true later: a scheme's word
    /// that it is a sample is not signed, and would let anyone's root follow.
    pub demo: bool,
    /// The newest keyset seen.
    pub version: u32,
}

/// A scheme whose keyset may be used from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// To whom reports are sealed.
    pub keyset: Keyset,
    /// To be remembered in place of the old pin.
    pub pin: Pin,
    /// A sample scheme has new keys; the person is told.
    pub root_changed: bool,
}

/// Why a phone keeps what it had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// The root is not a key.
    BadRoot,
    /// The root did not sign the keyset.
    BadSignature,
    /// Signed, but no usable keyset.
    NotAKeyset,
    /// Another root than the one this phone met first.
    OtherRoot,
    /// An older keyset than this phone has seen.
    RolledBack {
        /// The newest version seen.
        seen: u32,
        /// The version offered.
        offered: u32,
    },
    /// This centre of the scheme has no key in the keyset.
    CentreMissing(String),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadRoot => NotARoot.fmt(f),
            Self::BadSignature => KeysetError::BadSignature.fmt(f),
            Self::NotAKeyset => KeysetError::NotAKeyset.fmt(f),
            Self::OtherRoot => {
                f.write_str("the scheme has another root key than the one met first")
            }
            Self::RolledBack { seen, offered } => {
                write!(
                    f,
                    "keyset {offered} is older than keyset {seen}, which was seen before"
                )
            }
            Self::CentreMissing(id) => write!(f, "the centre {id} has no key in the keyset"),
        }
    }
}

impl std::error::Error for Refused {}

impl From<KeysetError> for Refused {
    fn from(error: KeysetError) -> Self {
        match error {
            KeysetError::BadSignature => Self::BadSignature,
            KeysetError::NotAKeyset => Self::NotAKeyset,
        }
    }
}

/// Decides whether a phone takes a scheme's keyset, and what it remembers then.
pub fn accept(scheme: &Scheme, pinned: Option<&Pin>) -> Result<Accepted, Refused> {
    let root = RootKey::from_base64(&scheme.root).map_err(|_| Refused::BadRoot)?;
    let known = pinned.filter(|pin| pin.root == root.to_base64());
    let root_changed = pinned.is_some() && known.is_none();
    if root_changed && !pinned.is_some_and(|pin| pin.demo && scheme.demo) {
        return Err(Refused::OtherRoot);
    }
    let keyset = verify(&scheme.keyset, &root)?;
    not_older(&keyset, known)?;
    every_centre(scheme, &keyset)?;
    let pin = Pin {
        root: root.to_base64(),
        demo: scheme.demo && known.is_none_or(|pin| pin.demo),
        version: keyset.version,
    };
    Ok(Accepted {
        keyset,
        pin,
        root_changed,
    })
}

fn not_older(keyset: &Keyset, known: Option<&Pin>) -> Result<(), Refused> {
    match known {
        Some(pin) if keyset.version < pin.version => Err(Refused::RolledBack {
            seen: pin.version,
            offered: keyset.version,
        }),
        _ => Ok(()),
    }
}

fn every_centre(scheme: &Scheme, keyset: &Keyset) -> Result<(), Refused> {
    let mut centres = scheme.centres.iter();
    match centres.find(|centre| keyset.centre(&centre.id).is_none()) {
        Some(centre) => Err(Refused::CentreMissing(centre.id.clone())),
        None => Ok(()),
    }
}

fn signed_bytes(json: &str) -> Vec<u8> {
    [SIGNED_AS, json.as_bytes()].concat()
}

fn bytes32(text: &str) -> Result<Zeroizing<[u8; 32]>, NotARoot> {
    let bytes = BASE64.decode(text.trim().as_bytes()).map(Zeroizing::new);
    let bytes = bytes.map_err(|_| NotARoot)?;
    let bytes: [u8; 32] = bytes.as_slice().try_into().map_err(|_| NotARoot)?;
    Ok(Zeroizing::new(bytes))
}

#[cfg(test)]
mod tests {
    use domain::id::Epoch;
    use domain::scheme::Centre;

    use super::*;

    fn seed(byte: u8) -> RootSeed {
        RootSeed(SigningKey::from_bytes(&[byte; 32]))
    }

    fn recipient(byte: u8) -> String {
        identity::recipient(&identity::from_bytes(&[byte; 32])).expect("an identity")
    }

    fn keyset(version: u32) -> Keyset {
        Keyset {
            version,
            centres: vec![CentreKey {
                id: "hawthorns".into(),
                recipient: recipient(3),
            }],
            recovery: recipient(4),
        }
    }

    fn scheme(root: u8, version: u32) -> Scheme {
        let centre = Centre {
            id: "hawthorns".into(),
            name: "Hawthorns House".into(),
            hours: None,
            reads: None,
            point: None,
            offered: true,
        };
        Scheme {
            name: "Sample".into(),
            demo: false,
            centres: vec![centre],
            keyset: seed(root).sign(&keyset(version)).expect("usable"),
            root: seed(root).public().to_base64(),
            services: Vec::new(),
            epoch: Epoch::from_random([9; 16]),
            backed_up_through: 0,
            proof_key: None,
            retention: None,
            questions: None,
        }
    }

    fn sample(root: u8, version: u32) -> Scheme {
        Scheme {
            demo: true,
            ..scheme(root, version)
        }
    }

    #[track_caller]
    fn pin(scheme: &Scheme, before: Option<&Pin>) -> Pin {
        accept(scheme, before).expect("accepted").pin
    }

    #[track_caller]
    fn refused(scheme: &Scheme, pinned: Option<&Pin>, why: Refused) {
        assert_eq!(accept(scheme, pinned), Err(why));
    }

    #[test]
    fn a_signed_keyset_reads_back() {
        let signed = seed(1).sign(&keyset(2)).expect("usable");
        assert_eq!(verify(&signed, &seed(1).public()), Ok(keyset(2)));
    }

    #[test]
    fn a_keyset_of_version_1_keeps_its_shape_and_signature() {
        let signed = seed(1).sign(&keyset(2)).expect("usable");
        assert_eq!(
            signed.keyset,
            r#"{"version":2,"centres":[{"id":"hawthorns","recipient":"@3"}],"recovery":"@4"}"#
                .replace("@3", &recipient(3))
                .replace("@4", &recipient(4))
        );
        assert_eq!(
            signed.signature,
            "duZQb8V575SpbRakvXd9GdaJ4+TdkvkiIJCWPr/RRRWGMGh0dRE7MJyka25mtBxlB741ruSkGAE60C6uGmr5Dg=="
        );
    }

    #[test]
    fn a_signature_holds_for_its_exact_bytes_and_its_root_only() {
        let signed = seed(1).sign(&keyset(2)).expect("usable");
        let root = seed(1).public();
        let bad = |signed: &SignedKeyset, root: &RootKey| {
            assert_eq!(verify(signed, root), Err(KeysetError::BadSignature));
        };
        bad(&signed, &seed(2).public());
        let mut spaced = signed.clone();
        spaced.keyset.push(' ');
        bad(&spaced, &root);
        for place in 0..signed.signature.len() {
            let mut tampered = signed.clone();
            let other = if &signed.signature[place..=place] == "A" {
                "B"
            } else {
                "A"
            };
            tampered.signature.replace_range(place..=place, other);
            bad(&tampered, &root);
        }
        let mut empty = signed.clone();
        empty.signature.clear();
        bad(&empty, &root);
        // Signed without the label: another protocol's signature is not one of ours.
        let mut bare = signed;
        bare.signature = BASE64.encode(seed(1).0.sign(bare.keyset.as_bytes()).to_bytes());
        bad(&bare, &root);
    }

    #[test]
    fn what_no_phone_would_take_is_not_signed() {
        let root = seed(1);
        let mut nobody = keyset(1);
        nobody.centres.clear();
        let mut twice = keyset(1);
        twice.centres.push(twice.centres[0].clone());
        let mut no_key = keyset(1);
        no_key.centres[0].recipient = "age1nothing".into();
        let mut no_recovery = keyset(1);
        no_recovery.recovery.clear();
        for keyset in [nobody, twice, no_key, no_recovery] {
            assert_eq!(root.sign(&keyset), Err(KeysetError::NotAKeyset));
        }
    }

    #[test]
    fn signed_rubbish_is_no_keyset() {
        let json = "{}".to_owned();
        let signature = BASE64.encode(seed(1).0.sign(&signed_bytes(&json)).to_bytes());
        let signed = SignedKeyset {
            keyset: json,
            signature,
        };
        assert_eq!(
            verify(&signed, &seed(1).public()),
            Err(KeysetError::NotAKeyset)
        );
    }

    #[test]
    fn keys_read_back_from_base64() {
        let root = seed(5);
        let again = RootSeed::from_base64(&format!("{}\n", *root.to_base64())).expect("a seed");
        assert_eq!(again.public(), root.public());
        assert_eq!(
            RootKey::from_base64(&root.public().to_base64()),
            Ok(root.public())
        );
        for text in ["", "AAAA", "not base64", &BASE64.encode([0; 32])] {
            assert_eq!(RootKey::from_base64(text), Err(NotARoot), "{text:?}");
        }
        assert_eq!(format!("{root:?}"), "RootSeed");
    }

    #[test]
    fn the_first_root_met_is_pinned() {
        let accepted = accept(&scheme(1, 4), None).expect("accepted");
        assert!(!accepted.root_changed);
        assert_eq!(accepted.keyset, keyset(4));
        let expected = Pin {
            root: seed(1).public().to_base64(),
            demo: false,
            version: 4,
        };
        assert_eq!(accepted.pin, expected);
    }

    #[test]
    fn a_keyset_may_stay_or_grow_but_not_go_back() {
        let four = pin(&scheme(1, 4), None);
        assert_eq!(pin(&scheme(1, 4), Some(&four)), four);
        assert_eq!(pin(&scheme(1, 5), Some(&four)).version, 5);
        let why = Refused::RolledBack {
            seen: 4,
            offered: 3,
        };
        refused(&scheme(1, 3), Some(&four), why);
    }

    #[test]
    fn another_root_is_refused() {
        let real = pin(&scheme(1, 1), None);
        let demo = pin(&sample(1, 1), None);
        refused(&scheme(2, 9), Some(&real), Refused::OtherRoot);
        refused(&sample(2, 9), Some(&real), Refused::OtherRoot);
        refused(&scheme(2, 9), Some(&demo), Refused::OtherRoot);
    }

    #[test]
    fn a_sample_may_follow_a_sample_and_starts_again() {
        let before = pin(&sample(1, 7), None);
        let accepted = accept(&sample(2, 1), Some(&before)).expect("accepted");
        assert!(accepted.root_changed);
        assert_eq!(accepted.pin.version, 1);
        assert_eq!(accepted.pin.root, seed(2).public().to_base64());
    }

    #[test]
    fn a_real_scheme_cannot_be_talked_into_being_a_sample() {
        let real = pin(&scheme(1, 1), None);
        let still_real = pin(&sample(1, 1), Some(&real));
        assert!(!still_real.demo);
        refused(&sample(2, 1), Some(&still_real), Refused::OtherRoot);
    }

    #[test]
    fn what_is_not_signed_or_not_whole_is_refused() {
        let mut unreadable = scheme(1, 1);
        unreadable.root = "no key".into();
        refused(&unreadable, None, Refused::BadRoot);
        let mut foreign = scheme(1, 1);
        foreign.keyset = scheme(2, 1).keyset;
        refused(&foreign, None, Refused::BadSignature);
        let mut more = scheme(1, 1);
        more.centres[0].id = "elsewhere".into();
        refused(&more, None, Refused::CentreMissing("elsewhere".into()));
    }
}
