-- The links of one object in the order of their numbers, so that few accounts are found among a million leads.
CREATE INDEX link_object ON link (sobject);
