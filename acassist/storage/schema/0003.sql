-- The timeline of a person also asks by contact.
CREATE INDEX history_ac ON history (ac_id, id);
