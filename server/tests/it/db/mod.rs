//! The database on the engine this run is for; what exists on SQLite only is tested in every run.
