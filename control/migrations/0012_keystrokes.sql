-- Words as they are typed, so that trigrams find Hangul, too.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- What somebody types on a two-set Korean keyboard (KS X 5002) for this text: 마당 is `akekd`. Words of a-z and 0-9, with one
-- blank between.
--
-- Trigrams of Hangul as it stands are of little use: what pg_trgm takes for a letter depends on the server's locale (in C
-- it is none), a word of two syllables has hardly any, and a syllable with one letter mistyped is another character. Of
-- keystrokes there are two or three to a syllable, in every locale; a slip changes one of them, a syllable that is still
-- being typed is the beginning of the whole one, and what was typed with the keyboard left in English means the same.
-- Letters of other scripts become their code points in hexadecimal, each behind an x.
CREATE FUNCTION keystrokes(said text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    -- Compatibility decomposition takes syllables to pieces, and makes one of all letters that look alike.
    strokes text := lower(normalize(said, NFKD) COLLATE pg_c_utf8);
    -- Letters that take more than one key: doubled initials, joined vowels, joined and doubled finals.
    joined constant text[] := ARRAY[
        U&'\1101', 'rr', U&'\1104', 'ee', U&'\1108', 'qq', U&'\110A', 'tt', U&'\110D', 'ww',
        U&'\116A', 'hk', U&'\116B', 'ho', U&'\116C', 'hl', U&'\116F', 'nj', U&'\1170', 'np', U&'\1171', 'nl', U&'\1174', 'ml',
        U&'\11A9', 'rr', U&'\11AA', 'rt', U&'\11AC', 'sw', U&'\11AD', 'sg', U&'\11B0', 'fr', U&'\11B1', 'fa', U&'\11B2', 'fq',
        U&'\11B3', 'ft', U&'\11B4', 'fx', U&'\11B5', 'fv', U&'\11B6', 'fg', U&'\11B9', 'qt', U&'\11BB', 'tt'];
BEGIN
    IF strokes ~ U&'[\1100-\11FF]' THEN
        strokes := translate(
            strokes,
            U&'\1100\1102\1103\1105\1106\1107\1109\110B\110C\110E\110F\1110\1111\1112'
            '\1161\1162\1163\1164\1165\1166\1167\1168\1169\116D\116E\1172\1173\1175'
            '\11A8\11AB\11AE\11AF\11B7\11B8\11BA\11BC\11BD\11BE\11BF\11C0\11C1\11C2',
            'rsefaqtdwczxvgkoiojpuphynbmlrsefaqtdwczxvg');
        FOR at IN 1 .. cardinality(joined) BY 2 LOOP
            strokes := replace(strokes, joined[at], joined[at + 1]);
        END LOOP;
    END IF;
    IF strokes ~ '[^\x01-\x7F]' THEN
        strokes := regexp_replace(strokes, U&'[\0300-\036F]', '', 'g');  -- accents
        SELECT string_agg(
                   CASE WHEN each ~ '[\x01-\x7F]' THEN each
                        WHEN each ~ '\w' COLLATE pg_c_utf8 THEN 'x' || to_hex(ascii(each))
                        ELSE ' ' END, '' ORDER BY place)
        INTO strokes
        FROM regexp_split_to_table(strokes, '') WITH ORDINALITY AS letters(each, place);
    END IF;
    RETURN btrim(regexp_replace(strokes, '[^a-z0-9]+', ' ', 'g'));
END
$$;
