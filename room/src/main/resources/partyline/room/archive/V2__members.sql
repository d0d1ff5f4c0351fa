-- Who came, went and was made what: looked through for the name of somebody who is to be forgotten.
CREATE INDEX events_of_members ON events (room) WHERE type LIKE 'member.%' AND data <> '{}';
