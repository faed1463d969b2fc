-- A post that looks for company can be reported, and what is said below it.

ALTER TABLE reports DROP CONSTRAINT reports_kind_check;
ALTER TABLE reports ADD CONSTRAINT reports_kind_check CHECK (
    kind IN ('message', 'person', 'room', 'question', 'answer', 'comment', 'review', 'match_post', 'match_comment')
);
