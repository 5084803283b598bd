//! The User schema (RFC 7643 section 4.1).

use super::Schema;
use super::attribute::{Attribute, binary, boolean, complex, reference, secret, string, text};

/// `urn:ietf:params:scim:schemas:core:2.0:User`
pub static USER_SCHEMA: Schema = Schema {
    id: "urn:ietf:params:scim:schemas:core:2.0:User",
    name: "User",
    description: "A person who is a member of the firm",
    attributes: &[
        string("userName", "Name under which the directory knows the person; unique in the firm")
            .required()
            .server_unique(),
        complex("name", "The parts of the person's name", NAME),
        string("displayName", "Name to show to others"),
        string("nickName", "What friends call the person"),
        reference("profileUrl", "The person's page", &["external"]),
        string("title", "Such as Vice President"),
        string("userType", "Relation to the firm, such as Employee or Contractor"),
        string("preferredLanguage", "Languages, as in the Accept-Language header"),
        string("locale", "For dates, numbers and currency, such as en-US"),
        string("timezone", "IANA time zone, such as America/New_York"),
        secret("password", "Sets the password of a person whom the firm's directory keeps"),
        boolean("active", "Whether the person may use the platform in this firm"),
        complex("emails", "E-mail addresses; the primary one is used", EMAIL).multi(),
        complex("phoneNumbers", "Telephone numbers", PHONE).multi(),
        complex("ims", "Addresses for instant messages", IM).multi(),
        complex("photos", "Addresses of pictures", PHOTO).multi(),
        complex("addresses", "Postal addresses", ADDRESS).multi(),
        complex("groups", "The groups of the person; changed through the groups", GROUP_OF)
            .multi()
            .read_only(),
        complex("entitlements", "What the directory entitles the person to", PLAIN).multi(),
        complex("roles", "Roles in force in this firm; given by groups or an administrator", ROLE)
            .multi()
            .read_only(),
        complex("x509Certificates", "Certificates in DER", CERTIFICATE).multi(),
    ],
};

static NAME: &[Attribute] = &[
    string("formatted", "The whole name as it is shown"),
    string("familyName", "Family name"),
    string("givenName", "Given name"),
    string("middleName", "Middle names"),
    string("honorificPrefix", "Such as Dr."),
    string("honorificSuffix", "Such as III"),
];

const DISPLAY: Attribute = string("display", "The value as people read it");
const TYPE: Attribute = string("type", "What the value is for");
const PRIMARY: Attribute = boolean("primary", "Whether it is the preferred value; at most one is");

static EMAIL: &[Attribute] =
    &[string("value", "The address"), DISPLAY, TYPE.canonical(&["work", "home", "other"]), PRIMARY];

static PHONE: &[Attribute] = &[
    string("value", "The number"),
    DISPLAY,
    TYPE.canonical(&["work", "home", "mobile", "fax", "pager", "other"]),
    PRIMARY,
];

static IM: &[Attribute] = &[
    string("value", "The address"),
    DISPLAY,
    TYPE.canonical(&["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"]),
    PRIMARY,
];

static PHOTO: &[Attribute] = &[
    reference("value", "Where the picture is", &["external"]),
    DISPLAY,
    TYPE.canonical(&["photo", "thumbnail"]),
    PRIMARY,
];

static ADDRESS: &[Attribute] = &[
    text("formatted", "The whole address as it is shown"),
    text("streetAddress", "Street, number, floor"),
    string("locality", "City"),
    string("region", "State or region"),
    string("postalCode", "Postal code"),
    string("country", "Country"),
    TYPE.canonical(&["work", "home", "other"]),
    PRIMARY,
];

static GROUP_OF: &[Attribute] = &[
    string("value", "The group's id").case_exact().read_only(),
    reference("$ref", "The group's address", &["Group"]).read_only(),
    string("display", "The group's name").read_only(),
    string("type", "How the person belongs to it").canonical(&["direct"]).read_only(),
];

static PLAIN: &[Attribute] = &[string("value", "The value"), DISPLAY, TYPE, PRIMARY];

static ROLE: &[Attribute] = &[
    string("value", "The role's name").read_only(),
    string("display", "The value as people read it").read_only(),
    string("type", "Where the grant comes from").read_only(),
];

static CERTIFICATE: &[Attribute] = &[binary("value", "The certificate"), DISPLAY, TYPE, PRIMARY];
