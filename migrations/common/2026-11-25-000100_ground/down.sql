DROP TABLE counters;
DROP TABLE idempotency;
DROP TABLE audit_events;
DROP TABLE jobs;
DROP TABLE hub_facts;
