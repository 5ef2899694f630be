DROP TABLE reports;
DROP TABLE hidden_objects;
DROP TABLE notifications;
