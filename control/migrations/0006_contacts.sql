-- Codes prove e-mail addresses, too: what was a phone is a contact, a number in E.164 or a folded e-mail address.

ALTER TABLE phone_codes RENAME TO contact_codes;
ALTER TABLE contact_codes RENAME COLUMN phone TO contact;
ALTER INDEX phone_codes_by_end RENAME TO contact_codes_by_end;
ALTER INDEX phone_codes_pkey RENAME TO contact_codes_pkey;
ALTER TABLE phone_proofs RENAME TO contact_proofs;
ALTER TABLE contact_proofs RENAME COLUMN phone TO contact;
ALTER INDEX phone_proofs_by_end RENAME TO contact_proofs_by_end;
ALTER INDEX phone_proofs_pkey RENAME TO contact_proofs_pkey;
