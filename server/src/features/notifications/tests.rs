use super::*;

#[test]
fn a_stored_word_is_read_back_and_has_a_sentence_in_both_languages() {
    for happening in Happening::ALL {
        assert_eq!(Happening::from_word(happening.as_str()), Some(happening));
        for l in Locale::ALL {
            let (key, _) = happening.shown();
            let text = l.t2(key, "who", "Karima", "what", "Vélo");
            assert!(text.contains("Karima") || text.contains("Vélo"), "{text}");
        }
    }
}
