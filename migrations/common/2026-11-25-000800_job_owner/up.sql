-- Which process runs a job: one that was killed is recognised, and its jobs are run at once.
ALTER TABLE jobs ADD COLUMN lease_owner TEXT; -- name of the process that runs it now
