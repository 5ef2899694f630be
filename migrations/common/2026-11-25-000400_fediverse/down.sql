DROP TABLE tombstones;
DROP TABLE follows;
DROP TABLE delivery_peers;
DROP TABLE deliveries;
DROP TABLE outbox_activities;
DROP TABLE inbox_activities;
DROP TABLE remote_actors;
DROP TABLE peers;
