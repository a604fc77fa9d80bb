//! Frames as protocol buffers turned into the JSON that they stand for.
//!
//! Field numbers from backup.proto of signalapp/libsignal (2024 to 2025), as far as records are made of
//! them; keys, settings and styles are left out on purpose, and a field that is not named here is passed
//! over.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use crate::wire::{self, Fields, WireError};

/// How deeply messages may be nested.
const DEPTH_MAX: u32 = 24;

/// What a field is.
enum Kind {
    /// A whole number; a text in JSON, for it may have 64 bits.
    Long,
    /// A truth value.
    Truth,
    /// A text.
    Text,
    /// Bytes.
    Bytes,
    /// One of these words, counted from 0.
    Word(&'static [&'static str]),
    /// A message.
    Message(&'static [Known]),
    /// A message of the sort it stands in.
    Again,
}

/// Whether a field stands once or in a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Times {
    Once,
    Many,
}

/// A field that is known: its number, its name, what it is, how often.
struct Known(u32, &'static str, Kind, Times);

/// A message of type `Frame` in JSON.
pub(crate) fn frame(bytes: &[u8]) -> Result<Value, WireError> {
    message(bytes, FRAME, DEPTH_MAX)
}

/// A message of type `BackupInfo`, the first of all, in JSON.
pub(crate) fn header(bytes: &[u8]) -> Result<Value, WireError> {
    message(bytes, HEADER, DEPTH_MAX)
}

fn message(bytes: &[u8], all: &[Known], depth: u32) -> Result<Value, WireError> {
    let depth = depth.checked_sub(1).ok_or(WireError)?;
    let mut object = Map::new();
    for field in Fields::new(bytes) {
        let field = field?;
        let Some(Known(_, name, kind, times)) = all.iter().find(|known| known.0 == field.number) else {
            continue;
        };
        let Some(value) = value(field.value, kind, all, depth)? else { continue };
        if *times == Times::Once {
            object.insert((*name).to_owned(), value);
        } else if let Value::Array(list) =
            object.entry((*name).to_owned()).or_insert_with(|| Value::Array(Vec::new()))
        {
            list.push(value);
        }
    }
    Ok(Value::Object(object))
}

/// The value of a field; none if it lies there as something else than it should be.
fn value(
    value: wire::Value<'_>,
    kind: &Kind,
    around: &[Known],
    depth: u32,
) -> Result<Option<Value>, WireError> {
    Ok(match kind {
        Kind::Long => value.number().map(|number| Value::String(number.to_string())),
        Kind::Truth => value.number().map(|number| Value::Bool(number != 0)),
        Kind::Text => value.text().map(|text| Value::String(text.into_owned())),
        Kind::Bytes => value.bytes().map(|bytes| Value::String(STANDARD.encode(bytes))),
        Kind::Word(words) => value.number().map(|number| {
            let word = usize::try_from(number).ok().and_then(|at| words.get(at));
            word.map_or_else(|| Value::from(number), |word| Value::from(*word))
        }),
        Kind::Message(known) => value.bytes().map(|bytes| message(bytes, known, depth)).transpose()?,
        Kind::Again => value.bytes().map(|bytes| message(bytes, around, depth)).transpose()?,
    })
}

use Kind::{Again, Bytes, Long, Message, Text, Truth, Word};
use Times::{Many, Once};

static HEADER: &[Known] = &[Known(1, "version", Long, Once), Known(2, "backupTimeMs", Long, Once)];

static FRAME: &[Known] = &[
    Known(1, "account", Message(ACCOUNT), Once),
    Known(2, "recipient", Message(RECIPIENT), Once),
    Known(3, "chat", Message(CHAT), Once),
    Known(4, "chatItem", Message(ITEM), Once),
    Known(5, "stickerPack", Message(NOTHING), Once),
    Known(6, "adHocCall", Message(LINK_CALL), Once),
    Known(7, "notificationProfile", Message(NOTHING), Once),
    Known(8, "chatFolder", Message(NOTHING), Once),
];

static NOTHING: &[Known] = &[];

static ACCOUNT: &[Known] = &[
    Known(2, "username", Text, Once),
    Known(4, "givenName", Text, Once),
    Known(5, "familyName", Text, Once),
];

static RECIPIENT: &[Known] = &[
    Known(1, "id", Long, Once),
    Known(2, "contact", Message(CONTACT), Once),
    Known(3, "group", Message(GROUP), Once),
    Known(4, "distributionList", Message(LIST_ITEM), Once),
    Known(5, "self", Message(NOTHING), Once),
    Known(6, "releaseNotes", Message(NOTHING), Once),
    Known(7, "callLink", Message(CALL_LINK), Once),
];

static CONTACT: &[Known] = &[
    Known(1, "aci", Bytes, Once),
    Known(2, "pni", Bytes, Once),
    Known(3, "username", Text, Once),
    Known(4, "e164", Long, Once),
    Known(5, "blocked", Truth, Once),
    Known(6, "visibility", Word(&["VISIBLE", "HIDDEN", "HIDDEN_MESSAGE_REQUEST"]), Once),
    Known(8, "notRegistered", Message(&[Known(1, "unregisteredTimestamp", Long, Once)]), Once),
    Known(11, "profileGivenName", Text, Once),
    Known(12, "profileFamilyName", Text, Once),
    Known(13, "hideStory", Truth, Once),
    Known(15, "identityState", Word(&["DEFAULT", "VERIFIED", "UNVERIFIED"]), Once),
    Known(16, "nickname", Message(&[Known(1, "given", Text, Once), Known(2, "family", Text, Once)]), Once),
    Known(17, "note", Text, Once),
    Known(18, "systemGivenName", Text, Once),
    Known(19, "systemFamilyName", Text, Once),
    Known(20, "systemNickname", Text, Once),
];

static GROUP: &[Known] = &[Known(5, "snapshot", Message(SNAPSHOT), Once), Known(6, "blocked", Truth, Once)];

static SNAPSHOT: &[Known] = &[
    Known(2, "title", Message(BLOB), Once),
    Known(7, "members", Message(MEMBER), Many),
    Known(8, "membersPendingProfileKey", Message(&[Known(1, "member", Message(MEMBER), Once)]), Many),
    Known(9, "membersPendingAdminApproval", Message(MEMBER), Many),
    Known(11, "description", Message(BLOB), Once),
    Known(13, "membersBanned", Message(MEMBER), Many),
];

static BLOB: &[Known] = &[Known(1, "title", Text, Once), Known(4, "descriptionText", Text, Once)];

static MEMBER: &[Known] = &[
    Known(1, "userId", Bytes, Once),
    Known(2, "role", Word(&["UNKNOWN", "DEFAULT", "ADMINISTRATOR"]), Once),
];

static LIST_ITEM: &[Known] = &[
    Known(1, "distributionId", Bytes, Once),
    Known(2, "deletionTimestamp", Long, Once),
    Known(
        3,
        "distributionList",
        Message(&[Known(1, "name", Text, Once), Known(4, "memberRecipientIds", Long, Many)]),
        Once,
    ),
];

static CALL_LINK: &[Known] = &[
    Known(3, "name", Text, Once),
    Known(4, "restrictions", Word(&["UNKNOWN", "NONE", "ADMIN_APPROVAL"]), Once),
    Known(5, "expirationMs", Long, Once),
];

static CHAT: &[Known] = &[Known(1, "id", Long, Once), Known(2, "recipientId", Long, Once)];

static LINK_CALL: &[Known] = &[
    Known(1, "callId", Long, Once),
    Known(2, "recipientId", Long, Once),
    Known(3, "state", Word(&["UNKNOWN_STATE", "GENERIC"]), Once),
    Known(4, "callTimestamp", Long, Once),
];

static ITEM: &[Known] = &[
    Known(1, "chatId", Long, Once),
    Known(2, "authorId", Long, Once),
    Known(3, "dateSent", Long, Once),
    Known(4, "expireStartDate", Long, Once),
    Known(5, "expiresInMs", Long, Once),
    Known(6, "revisions", Again, Many),
    Known(7, "sms", Truth, Once),
    Known(
        8,
        "incoming",
        Message(&[
            Known(1, "dateReceived", Long, Once),
            Known(2, "dateServerSent", Long, Once),
            Known(3, "read", Truth, Once),
        ]),
        Once,
    ),
    Known(
        9,
        "outgoing",
        Message(&[Known(1, "sendStatus", Message(STATUS), Many), Known(2, "dateReceived", Long, Once)]),
        Once,
    ),
    Known(10, "directionless", Message(NOTHING), Once),
    Known(11, "standardMessage", Message(STANDARD_MESSAGE), Once),
    Known(
        12,
        "contactMessage",
        Message(&[Known(1, "contact", Message(CARD), Once), Known(2, "reactions", Message(REACTION), Many)]),
        Once,
    ),
    Known(
        13,
        "stickerMessage",
        Message(&[
            Known(1, "sticker", Message(STICKER), Once),
            Known(2, "reactions", Message(REACTION), Many),
        ]),
        Once,
    ),
    Known(14, "remoteDeletedMessage", Message(NOTHING), Once),
    Known(15, "updateMessage", Message(UPDATE), Once),
    Known(
        16,
        "paymentNotification",
        Message(&[
            Known(1, "amountMob", Text, Once),
            Known(2, "feeMob", Text, Once),
            Known(3, "note", Text, Once),
        ]),
        Once,
    ),
    Known(
        17,
        "giftBadge",
        Message(&[Known(2, "state", Word(&["UNOPENED", "OPENED", "REDEEMED", "FAILED"]), Once)]),
        Once,
    ),
    Known(
        18,
        "viewOnceMessage",
        Message(&[
            Known(1, "attachment", Message(ATTACHMENT), Once),
            Known(2, "reactions", Message(REACTION), Many),
        ]),
        Once,
    ),
    Known(
        19,
        "directStoryReplyMessage",
        Message(&[
            Known(1, "textReply", Message(&[Known(1, "text", Message(BODY), Once)]), Once),
            Known(2, "emoji", Text, Once),
            Known(3, "reactions", Message(REACTION), Many),
        ]),
        Once,
    ),
    Known(20, "poll", Message(POLL), Once),
];

static STATUS: &[Known] = &[
    Known(1, "recipientId", Long, Once),
    Known(2, "timestamp", Long, Once),
    Known(3, "pending", Message(NOTHING), Once),
    Known(4, "sent", Message(NOTHING), Once),
    Known(5, "delivered", Message(NOTHING), Once),
    Known(6, "read", Message(NOTHING), Once),
    Known(7, "viewed", Message(NOTHING), Once),
    Known(8, "skipped", Message(NOTHING), Once),
    Known(9, "failed", Message(NOTHING), Once),
];

static STANDARD_MESSAGE: &[Known] = &[
    Known(1, "quote", Message(QUOTE), Once),
    Known(2, "text", Message(BODY), Once),
    Known(3, "attachments", Message(ATTACHMENT), Many),
    Known(4, "linkPreview", Message(&[Known(1, "url", Text, Once), Known(2, "title", Text, Once)]), Many),
    Known(5, "longText", Message(POINTER), Once),
    Known(6, "reactions", Message(REACTION), Many),
];

static BODY: &[Known] = &[
    Known(1, "body", Text, Once),
    Known(
        2,
        "bodyRanges",
        Message(&[
            Known(1, "start", Long, Once),
            Known(2, "length", Long, Once),
            Known(3, "mentionAci", Bytes, Once),
        ]),
        Many,
    ),
];

static QUOTE: &[Known] = &[
    Known(1, "targetSentTimestamp", Long, Once),
    Known(2, "authorId", Long, Once),
    Known(3, "text", Message(BODY), Once),
];

static REACTION: &[Known] =
    &[Known(1, "emoji", Text, Once), Known(2, "authorId", Long, Once), Known(3, "sentTimestamp", Long, Once)];

static ATTACHMENT: &[Known] = &[
    Known(1, "pointer", Message(POINTER), Once),
    Known(2, "flag", Word(&["NONE", "VOICE_MESSAGE", "BORDERLESS", "GIF"]), Once),
    Known(3, "wasDownloaded", Truth, Once),
];

static POINTER: &[Known] = &[
    Known(4, "contentType", Text, Once),
    Known(7, "fileName", Text, Once),
    Known(10, "caption", Text, Once),
    Known(13, "locatorInfo", Message(&[Known(3, "size", Long, Once)]), Once),
];

static STICKER: &[Known] = &[Known(4, "emoji", Text, Once), Known(5, "data", Message(POINTER), Once)];

static CARD: &[Known] = &[
    Known(
        1,
        "name",
        Message(&[
            Known(1, "givenName", Text, Once),
            Known(2, "familyName", Text, Once),
            Known(3, "prefix", Text, Once),
            Known(4, "suffix", Text, Once),
            Known(5, "middleName", Text, Once),
            Known(6, "nickname", Text, Once),
        ]),
        Once,
    ),
    Known(3, "number", Message(&[Known(1, "value", Text, Once)]), Many),
    Known(4, "email", Message(&[Known(1, "value", Text, Once)]), Many),
    Known(7, "organization", Text, Once),
];

static POLL: &[Known] = &[
    Known(1, "question", Text, Once),
    Known(
        3,
        "options",
        Message(&[Known(1, "option", Text, Once), Known(2, "votes", Message(NOTHING), Many)]),
        Many,
    ),
];

static UPDATE: &[Known] = &[
    Known(1, "simpleUpdate", Message(&[Known(1, "type", Word(SIMPLE), Once)]), Once),
    Known(2, "groupChange", Message(&[Known(1, "updates", Message(GROUP_CHANGE), Many)]), Once),
    Known(3, "expirationTimerChange", Message(&[Known(1, "expiresInMs", Long, Once)]), Once),
    Known(
        4,
        "profileChange",
        Message(&[Known(1, "previousName", Text, Once), Known(2, "newName", Text, Once)]),
        Once,
    ),
    Known(5, "threadMerge", Message(&[Known(1, "previousE164", Long, Once)]), Once),
    Known(6, "sessionSwitchover", Message(&[Known(1, "e164", Long, Once)]), Once),
    Known(7, "individualCall", Message(INDIVIDUAL_CALL), Once),
    Known(8, "groupCall", Message(GROUP_CALL), Once),
    Known(
        9,
        "learnedProfileChange",
        Message(&[Known(1, "e164", Long, Once), Known(2, "username", Text, Once)]),
        Once,
    ),
    Known(
        10,
        "pollTerminate",
        Message(&[Known(1, "targetSentTimestamp", Long, Once), Known(2, "question", Text, Once)]),
        Once,
    ),
];

static SIMPLE: &[&str] = &[
    "UNKNOWN",
    "JOINED_SIGNAL",
    "IDENTITY_UPDATE",
    "IDENTITY_VERIFIED",
    "IDENTITY_DEFAULT",
    "CHANGE_NUMBER",
    "RELEASE_CHANNEL_DONATION_REQUEST",
    "END_SESSION",
    "CHAT_SESSION_REFRESH",
    "BAD_DECRYPT",
    "PAYMENTS_ACTIVATED",
    "PAYMENT_ACTIVATION_REQUEST",
    "UNSUPPORTED_PROTOCOL_MESSAGE",
    "REPORTED_SPAM",
    "BLOCKED",
    "UNBLOCKED",
    "MESSAGE_REQUEST_ACCEPTED",
];

static INDIVIDUAL_CALL: &[Known] = &[
    Known(1, "callId", Long, Once),
    Known(2, "type", Word(&["UNKNOWN_TYPE", "AUDIO_CALL", "VIDEO_CALL"]), Once),
    Known(3, "direction", Word(&["UNKNOWN_DIRECTION", "INCOMING", "OUTGOING"]), Once),
    Known(
        4,
        "state",
        Word(&["UNKNOWN_STATE", "ACCEPTED", "NOT_ACCEPTED", "MISSED", "MISSED_NOTIFICATION_PROFILE"]),
        Once,
    ),
    Known(5, "startedCallTimestamp", Long, Once),
];

static GROUP_CALL: &[Known] = &[
    Known(1, "callId", Long, Once),
    Known(
        2,
        "state",
        Word(&[
            "UNKNOWN_STATE",
            "GENERIC",
            "JOINED",
            "RINGING",
            "ACCEPTED",
            "DECLINED",
            "MISSED",
            "MISSED_NOTIFICATION_PROFILE",
            "OUTGOING_RING",
        ]),
        Once,
    ),
    Known(3, "ringerRecipientId", Long, Once),
    Known(4, "startedCallRecipientId", Long, Once),
    Known(5, "startedCallTimestamp", Long, Once),
    Known(6, "endedCallTimestamp", Long, Once),
];

static UPDATER: &[Known] = &[Known(1, "updaterAci", Bytes, Once)];
static LEVEL: &[Known] = &[
    Known(1, "updaterAci", Bytes, Once),
    Known(2, "accessLevel", Word(&["UNKNOWN", "ANY", "MEMBER", "ADMINISTRATOR", "UNSATISFIABLE"]), Once),
];
static NEW_MEMBER: &[Known] = &[Known(1, "newMemberAci", Bytes, Once)];
static REQUESTOR: &[Known] = &[Known(1, "requestorAci", Bytes, Once), Known(2, "updaterAci", Bytes, Once)];

static GROUP_CHANGE: &[Known] = &[
    Known(1, "genericGroupUpdate", Message(UPDATER), Once),
    Known(2, "groupCreationUpdate", Message(UPDATER), Once),
    Known(
        3,
        "groupNameUpdate",
        Message(&[Known(1, "updaterAci", Bytes, Once), Known(2, "newGroupName", Text, Once)]),
        Once,
    ),
    Known(
        4,
        "groupAvatarUpdate",
        Message(&[Known(1, "updaterAci", Bytes, Once), Known(2, "wasRemoved", Truth, Once)]),
        Once,
    ),
    Known(
        5,
        "groupDescriptionUpdate",
        Message(&[Known(1, "updaterAci", Bytes, Once), Known(2, "newDescription", Text, Once)]),
        Once,
    ),
    Known(6, "groupMembershipAccessLevelChangeUpdate", Message(LEVEL), Once),
    Known(7, "groupAttributesAccessLevelChangeUpdate", Message(LEVEL), Once),
    Known(
        8,
        "groupAnnouncementOnlyChangeUpdate",
        Message(&[Known(1, "updaterAci", Bytes, Once), Known(2, "isAnnouncementOnly", Truth, Once)]),
        Once,
    ),
    Known(
        9,
        "groupAdminStatusUpdate",
        Message(&[
            Known(1, "updaterAci", Bytes, Once),
            Known(2, "memberAci", Bytes, Once),
            Known(3, "wasAdminStatusGranted", Truth, Once),
        ]),
        Once,
    ),
    Known(10, "groupMemberLeftUpdate", Message(&[Known(1, "aci", Bytes, Once)]), Once),
    Known(
        11,
        "groupMemberRemovedUpdate",
        Message(&[Known(1, "removerAci", Bytes, Once), Known(2, "removedAci", Bytes, Once)]),
        Once,
    ),
    Known(12, "selfInvitedToGroupUpdate", Message(&[Known(1, "inviterAci", Bytes, Once)]), Once),
    Known(
        13,
        "selfInvitedOtherUserToGroupUpdate",
        Message(&[Known(1, "inviteeServiceId", Bytes, Once)]),
        Once,
    ),
    Known(
        14,
        "groupUnknownInviteeUpdate",
        Message(&[Known(1, "inviterAci", Bytes, Once), Known(2, "inviteeCount", Long, Once)]),
        Once,
    ),
    Known(
        15,
        "groupInvitationAcceptedUpdate",
        Message(&[Known(1, "inviterAci", Bytes, Once), Known(2, "newMemberAci", Bytes, Once)]),
        Once,
    ),
    Known(
        16,
        "groupInvitationDeclinedUpdate",
        Message(&[Known(1, "inviterAci", Bytes, Once), Known(2, "inviteeAci", Bytes, Once)]),
        Once,
    ),
    Known(17, "groupMemberJoinedUpdate", Message(NEW_MEMBER), Once),
    Known(
        18,
        "groupMemberAddedUpdate",
        Message(&[
            Known(1, "updaterAci", Bytes, Once),
            Known(2, "newMemberAci", Bytes, Once),
            Known(4, "inviterAci", Bytes, Once),
        ]),
        Once,
    ),
    Known(19, "groupSelfInvitationRevokedUpdate", Message(&[Known(1, "revokerAci", Bytes, Once)]), Once),
    Known(20, "groupInvitationRevokedUpdate", Message(UPDATER), Once),
    Known(21, "groupJoinRequestUpdate", Message(REQUESTOR), Once),
    Known(22, "groupJoinRequestApprovalUpdate", Message(REQUESTOR), Once),
    Known(23, "groupJoinRequestCanceledUpdate", Message(REQUESTOR), Once),
    Known(24, "groupInviteLinkResetUpdate", Message(UPDATER), Once),
    Known(25, "groupInviteLinkEnabledUpdate", Message(UPDATER), Once),
    Known(26, "groupInviteLinkAdminApprovalUpdate", Message(UPDATER), Once),
    Known(27, "groupInviteLinkDisabledUpdate", Message(UPDATER), Once),
    Known(28, "groupMemberJoinedByLinkUpdate", Message(NEW_MEMBER), Once),
    Known(29, "groupV2MigrationUpdate", Message(NOTHING), Once),
    Known(30, "groupV2MigrationSelfInvitedUpdate", Message(NOTHING), Once),
    Known(31, "groupV2MigrationInvitedMembersUpdate", Message(NOTHING), Once),
    Known(32, "groupV2MigrationDroppedMembersUpdate", Message(NOTHING), Once),
    Known(33, "groupSequenceOfRequestsAndCancelsUpdate", Message(REQUESTOR), Once),
    Known(
        34,
        "groupExpirationTimerUpdate",
        Message(&[Known(1, "expiresInMs", Long, Once), Known(2, "updaterAci", Bytes, Once)]),
        Once,
    ),
];
