-- What merchants publish and advertise, what is counted of it, and what people say and book. The
-- rules are those of record_tables.sql. A measurement is in columns of its own, without a prefix; its
-- `value` is a real number, and money is in the currency's main unit there, as platforms charge
-- fractions of the minor one.

ALTER TABLE orders ADD COLUMN origin {json};

CREATE TABLE metrics (
    id {key} NOT NULL PRIMARY KEY,
    project_id {key} NOT NULL,
    connection_id {key} NOT NULL,
    stream {key} NOT NULL,
    external_id {key} NOT NULL,
    hash {bytes} NOT NULL,
    sequence {int} NOT NULL,
    source_updated_at {time},
    first_seen_at {time} NOT NULL,
    synced_at {time} NOT NULL,
    gone_at {time},
    raw {raw},
    subject_external_id {key},
    date {date} NOT NULL,
    time_zone {text},
    name {key} NOT NULL,
    common {key},
    value {real} NOT NULL,
    unit {text} NOT NULL,
    currency {text},
    dimensions {json} NOT NULL,
    attribution_window {text},
    provisional {bool} NOT NULL,
    caveats {json} NOT NULL,
    UNIQUE (connection_id, stream, external_id)
){strict};
CREATE INDEX metrics_date ON metrics (date);
CREATE INDEX metrics_common_date ON metrics (common, date) WHERE common IS NOT NULL;
CREATE INDEX metrics_subject_external_id ON metrics (subject_external_id) WHERE subject_external_id IS NOT NULL;

CREATE TABLE content (
    id {key} NOT NULL PRIMARY KEY,
    project_id {key} NOT NULL,
    connection_id {key} NOT NULL,
    stream {key} NOT NULL,
    external_id {key} NOT NULL,
    hash {bytes} NOT NULL,
    sequence {int} NOT NULL,
    source_updated_at {time},
    first_seen_at {time} NOT NULL,
    synced_at {time} NOT NULL,
    gone_at {time},
    raw {raw},
    kind {text} NOT NULL,
    platform_kind {text},
    title {text},
    text {text},
    url {text},
    image_url {text},
    link_url {text},
    parent_external_id {key},
    public {bool},
    tags {json} NOT NULL,
    published_at {time},
    created_at {time},
    updated_at {time},
    UNIQUE (connection_id, stream, external_id)
){strict};
CREATE INDEX content_published_at ON content (published_at) WHERE published_at IS NOT NULL;

CREATE TABLE content_metrics (
    id {key} NOT NULL PRIMARY KEY,
    project_id {key} NOT NULL,
    connection_id {key} NOT NULL,
    stream {key} NOT NULL,
    external_id {key} NOT NULL,
    hash {bytes} NOT NULL,
    sequence {int} NOT NULL,
    source_updated_at {time},
    first_seen_at {time} NOT NULL,
    synced_at {time} NOT NULL,
    gone_at {time},
    raw {raw},
    content_external_id {key} NOT NULL,
    date {date} NOT NULL,
    time_zone {text},
    name {key} NOT NULL,
    common {key},
    value {real} NOT NULL,
    unit {text} NOT NULL,
    currency {text},
    dimensions {json} NOT NULL,
    attribution_window {text},
    provisional {bool} NOT NULL,
    caveats {json} NOT NULL,
    UNIQUE (connection_id, stream, external_id)
){strict};
CREATE INDEX content_metrics_date ON content_metrics (date);
CREATE INDEX content_metrics_common_date ON content_metrics (common, date) WHERE common IS NOT NULL;
CREATE INDEX content_metrics_content_external_id ON content_metrics (content_external_id);

CREATE TABLE ad_campaigns (
    id {key} NOT NULL PRIMARY KEY,
    project_id {key} NOT NULL,
    connection_id {key} NOT NULL,
    stream {key} NOT NULL,
    external_id {key} NOT NULL,
    hash {bytes} NOT NULL,
    sequence {int} NOT NULL,
    source_updated_at {time},
    first_seen_at {time} NOT NULL,
    synced_at {time} NOT NULL,
    gone_at {time},
    raw {raw},
    account_external_id {key} NOT NULL,
    name {text} NOT NULL,
    status {text} NOT NULL,
    platform_status {text},
    objective {text},
    channel {text},
    daily_budget_minor {int},
    daily_budget_currency {text},
    lifetime_budget_minor {int},
    lifetime_budget_currency {text},
    starts_at {time},
    ends_at {time},
    created_at {time},
    updated_at {time},
    UNIQUE (connection_id, stream, external_id)
){strict};

CREATE TABLE ad_metrics (
    id {key} NOT NULL PRIMARY KEY,
    project_id {key} NOT NULL,
    connection_id {key} NOT NULL,
    stream {key} NOT NULL,
    external_id {key} NOT NULL,
    hash {bytes} NOT NULL,
    sequence {int} NOT NULL,
    source_updated_at {time},
    first_seen_at {time} NOT NULL,
    synced_at {time} NOT NULL,
    gone_at {time},
    raw {raw},
    account_external_id {key} NOT NULL,
    campaign_external_id {key},
    ad_group_external_id {key},
    ad_external_id {key},
    date {date} NOT NULL,
    time_zone {text},
    name {key} NOT NULL,
    common {key},
    value {real} NOT NULL,
    unit {text} NOT NULL,
    currency {text},
    dimensions {json} NOT NULL,
    attribution_window {text},
    provisional {bool} NOT NULL,
    caveats {json} NOT NULL,
    UNIQUE (connection_id, stream, external_id)
){strict};
CREATE INDEX ad_metrics_date ON ad_metrics (date);
CREATE INDEX ad_metrics_common_date ON ad_metrics (common, date) WHERE common IS NOT NULL;
CREATE INDEX ad_metrics_campaign_external_id ON ad_metrics (campaign_external_id) WHERE campaign_external_id IS NOT NULL;

CREATE TABLE reviews (
    id {key} NOT NULL PRIMARY KEY,
    project_id {key} NOT NULL,
    connection_id {key} NOT NULL,
    stream {key} NOT NULL,
    external_id {key} NOT NULL,
    hash {bytes} NOT NULL,
    sequence {int} NOT NULL,
    source_updated_at {time},
    first_seen_at {time} NOT NULL,
    synced_at {time} NOT NULL,
    gone_at {time},
    raw {raw},
    subject_external_id {key} NOT NULL,
    rating {int},
    recommended {bool},
    title {text},
    text {text},
    author_name {text},
    reply {text},
    replied_at {time},
    url {text},
    created_at {time},
    updated_at {time},
    UNIQUE (connection_id, stream, external_id)
){strict};
CREATE INDEX reviews_created_at ON reviews (created_at) WHERE created_at IS NOT NULL;

CREATE TABLE inquiries (
    id {key} NOT NULL PRIMARY KEY,
    project_id {key} NOT NULL,
    connection_id {key} NOT NULL,
    stream {key} NOT NULL,
    external_id {key} NOT NULL,
    hash {bytes} NOT NULL,
    sequence {int} NOT NULL,
    source_updated_at {time},
    first_seen_at {time} NOT NULL,
    synced_at {time} NOT NULL,
    gone_at {time},
    raw {raw},
    kind {text} NOT NULL,
    channel {text},
    source_external_id {key},
    contact_name {text},
    contact_email {text},
    contact_phone {text},
    message {text},
    answers {json} NOT NULL,
    message_count {int},
    origin {json},
    created_at {time},
    updated_at {time},
    UNIQUE (connection_id, stream, external_id)
){strict};
CREATE INDEX inquiries_created_at ON inquiries (created_at) WHERE created_at IS NOT NULL;

CREATE TABLE bookings (
    id {key} NOT NULL PRIMARY KEY,
    project_id {key} NOT NULL,
    connection_id {key} NOT NULL,
    stream {key} NOT NULL,
    external_id {key} NOT NULL,
    hash {bytes} NOT NULL,
    sequence {int} NOT NULL,
    source_updated_at {time},
    first_seen_at {time} NOT NULL,
    synced_at {time} NOT NULL,
    gone_at {time},
    raw {raw},
    calendar_external_id {key} NOT NULL,
    title {text},
    description {text},
    status {text} NOT NULL,
    starts_at {time},
    ends_at {time},
    starts_on {date},
    ends_on {date},
    time_zone {text},
    location {text},
    customer_name {text},
    customer_email {text},
    guest_count {int},
    series_external_id {key},
    url {text},
    origin {json},
    created_at {time},
    updated_at {time},
    UNIQUE (connection_id, stream, external_id)
){strict};
CREATE INDEX bookings_starts_at ON bookings (starts_at) WHERE starts_at IS NOT NULL;
CREATE INDEX bookings_starts_on ON bookings (starts_on) WHERE starts_on IS NOT NULL;
