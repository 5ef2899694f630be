DROP TABLE api_tokens;
DROP TABLE invitations;
DROP TABLE sessions;
DROP TABLE actor_keys;
DROP TABLE member_roles;
DROP TABLE members;
