-- Classes are found as long as they are open and listed. When they begin, and whether their mentor still is one, is asked when
-- they are shown.

CREATE FUNCTION search_class_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' AND NEW.state = 'open' AND NEW.unlisted_at IS NULL THEN
        PERFORM search_put('class', NEW.id, NEW.title, '', concat_ws(' ', NEW.description, array_to_string(NEW.curriculum, ' ')));
    ELSE
        PERFORM search_drop('class', OLD.id);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER search_class_changed
    AFTER INSERT OR DELETE OR UPDATE OF title, description, curriculum, state, unlisted_at ON classes
    FOR EACH ROW EXECUTE FUNCTION search_class_changed();

SELECT search_put('class', id, title, '', concat_ws(' ', description, array_to_string(curriculum, ' ')))
FROM classes
WHERE state = 'open' AND unlisted_at IS NULL;
