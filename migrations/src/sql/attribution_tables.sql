-- What preceded an inquiry, a booking or an order: worked out from what is stored, and written anew
-- whenever that changes. `rank` 1 is the surest of a subject's touches, so that a sum over rank 1
-- counts each subject once.

CREATE TABLE attribution (
    project_id {key} NOT NULL,
    connection_id {key} NOT NULL,
    stream {key} NOT NULL,
    external_id {key} NOT NULL,
    rank {int} NOT NULL,
    subject_model {text} NOT NULL,
    happened_at {time},
    method {text} NOT NULL,
    evidence {text} NOT NULL,
    channel {key},
    medium {key},
    ambiguous {bool} NOT NULL,
    target_connection_id {key},
    target_stream {key},
    target_external_id {key},
    PRIMARY KEY (connection_id, stream, external_id, rank)
){clustered};
CREATE INDEX attribution_happened_at ON attribution (project_id, happened_at);
CREATE INDEX attribution_target ON attribution (target_connection_id, target_stream, target_external_id) WHERE target_external_id IS NOT NULL;

-- How far in the feed each project's attribution has been worked out.
CREATE TABLE attribution_progress (
    project_id {key} NOT NULL PRIMARY KEY REFERENCES projects (id),
    sequence {int} NOT NULL
){strict};

CREATE INDEX orders_origin ON orders (project_id, sequence) WHERE origin IS NOT NULL;
CREATE INDEX inquiries_origin ON inquiries (project_id, sequence) WHERE origin IS NOT NULL;
CREATE INDEX bookings_origin ON bookings (project_id, sequence) WHERE origin IS NOT NULL;
CREATE INDEX ad_campaigns_sequence ON ad_campaigns (project_id, sequence);
CREATE INDEX content_sequence ON content (project_id, sequence);
