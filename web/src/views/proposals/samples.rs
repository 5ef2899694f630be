//! Examples of announcements, from the sample hubs (fictional people, real towns).

use super::{
    Copy, Filters, Mode, MyResponse, PhotoNow, ProposalForm, ProposalList, ProposalPage, Reader,
    Remark, ReportForm, Response, Spread, Widening, WithdrawForm,
};
use crate::form::{Form, Problem};
use crate::locale::{Locale, Moment, Stamp};
use crate::markup::member_text;
use crate::page::Sample;
use crate::views::parts::{Card, HubTag, Link, Person, Photo};
use crate::words::{
    Audience, Category, Kind, ProposalState, Purpose, ResponseState, Settlement, Travel,
};

/// Tuesday 24 November 2026, 14:30 UTC.
pub(crate) const NOW: i64 = 1_795_530_600_000;
const HOUR: i64 = 3_600_000;

/// An hour of the samples, so many hours before now.
pub(crate) fn ago(l: Locale, hours: i64) -> Stamp {
    l.stamp(Moment::utc(NOW - hours * HOUR), NOW)
}

/// An hour of the samples in full, so many hours after now.
pub(crate) fn ahead(l: Locale, hours: i64) -> Stamp {
    l.full_stamp(Moment::utc(NOW + hours * HOUR))
}

pub(crate) fn hub(name: &str, distance: &str) -> HubTag {
    let slug = name.to_lowercase().replace(' ', "-");
    HubTag {
        name: name.into(),
        href: format!("/kpa/{slug}.example"),
        distance: (!distance.is_empty()).then(|| distance.into()),
    }
}

fn card(l: Locale, number: u32, title: &str, author: &str) -> Card {
    Card {
        href: format!("/objets/0192f0a0-0000-7000-8000-{number:012}"),
        purpose: Purpose::Offer,
        kind: Kind::Service,
        category: None,
        title: title.into(),
        summary: String::new(),
        lang: "fr".into(),
        author: Person::new(author).at(format!("/members/0192f0a0-0000-7000-9000-{number:012}")),
        hub: None,
        place: None,
        when: None,
        settlements: vec![Settlement::Hours],
        price: None,
        places_left: None,
        published: ago(l, i64::from(number) * 7),
        photo: None,
        state: ProposalState::Published,
        answers_waiting: 0,
    }
}

/// The cards shown on Accueil and Entraide.
pub(crate) fn cards(l: Locale) -> Vec<Card> {
    vec![
        Card {
            category: Some(Category::Textile),
            summary: "Deux heures pour apprendre à enfiler la machine, coudre droit et repartir avec un sac.".into(),
            place: Some("Roubaix".into()),
            when: Some("Les samedis, 10 h – 12 h".into()),
            places_left: Some(4),
            ..card(l, 1, "Cours de couture débutant", "Aïcha")
        },
        Card {
            purpose: Purpose::Request,
            kind: Kind::Loan,
            category: Some(Category::Workshop),
            summary: "Pour floquer les tee-shirts de la fête du quartier. Je viens la chercher.".into(),
            when: Some("1 semaine en décembre".into()),
            ..card(l, 2, "Presse à chaud 40×50 pour une semaine", "Bruno")
        },
        Card {
            category: Some(Category::Mobility),
            summary: "Freins, vitesses, pneus. Apportez le vélo, on le révise ensemble.".into(),
            hub: Some(hub("Le Chevalement", "45 km")),
            author: Person::new("Lucien").from_hub("Le Chevalement").at("/kpa/lechevalement/lucien"),
            place: Some("Valenciennes".into()),
            settlements: vec![Settlement::Hours, Settlement::Gift],
            ..card(l, 3, "Révision de vélo", "Lucien")
        },
        Card {
            kind: Kind::Sale,
            category: Some(Category::Textile),
            settlements: vec![Settlement::Euros],
            price: Some(l.money(1200)),
            summary: "Imprimés à la main à l’atelier, coton épais.".into(),
            ..card(l, 4, "Tote bag sérigraphié", "Bruno")
        },
        Card {
            purpose: Purpose::Request,
            category: Some(Category::Papers),
            summary: "Une notice de 4 pages, mots simples. À distance, c’est possible.".into(),
            hub: Some(hub("Les Deux Voiles", "")),
            author: Person::new("Ismaël").from_hub("Les Deux Voiles"),
            ..card(l, 5, "Traduire une notice du français vers l’arabe", "Ismaël")
        },
        Card {
            title: "دروس في اللغة العربية للمبتدئين".into(),
            lang: "ar".into(),
            summary: "درس واحد كل أسبوع في المركز الاجتماعي.".into(),
            category: Some(Category::Culture),
            settlements: vec![Settlement::Gift],
            kind: Kind::Gift,
            ..card(l, 6, "", "Karima")
        },
        Card {
            kind: Kind::Gift,
            category: Some(Category::Repair),
            settlements: vec![Settlement::Gift],
            state: ProposalState::Fulfilled,
            hub: Some(hub("Les Deux Voiles", "612 km")),
            author: Person::new("Jeanne").from_hub("Les Deux Voiles"),
            ..card(l, 7, "Chutes de voile, 12 kg", "Jeanne")
        },
    ]
}

pub(super) fn lists(l: Locale) -> Vec<Sample<ProposalList>> {
    let full = ProposalList {
        filters: Filters::default(),
        cards: cards(l),
        next: Some("1795530600000.0192f0a0".into()),
        is_later_page: false,
    };
    let filtered = ProposalList {
        filters: Filters {
            purpose: Some(Purpose::Request),
            category: Some(Category::Mobility),
            ..Filters::default()
        },
        next: None,
        is_later_page: true,
        ..full.clone()
    };
    let nothing_found = ProposalList {
        filters: Filters {
            words: "perceuse \"<b>\"".into(),
            ..Filters::default()
        },
        cards: Vec::new(),
        next: None,
        is_later_page: false,
    };
    let empty = ProposalList {
        filters: Filters::default(),
        ..nothing_found.clone()
    };
    vec![
        Sample::member("full", full.clone()),
        Sample::visitor("of-a-visitor", full),
        Sample::member("filtered", filtered),
        Sample::member("nothing-found", nothing_found),
        Sample::member("empty", empty),
    ]
}

/// An offer as a member who has not answered sees it.
pub(crate) fn offer(l: Locale) -> ProposalPage {
    ProposalPage {
        href: "/objets/0192f0a0-0000-7000-8000-000000000001".into(),
        url: "https://bobinette.example/objets/0192f0a0-0000-7000-8000-000000000001".into(),
        purpose: Purpose::Offer,
        kind: Kind::Service,
        category: Some(Category::Textile),
        title: "Cours de couture débutant".into(),
        text: member_text(
            "Deux heures pour apprendre à **enfiler la machine**, coudre droit et repartir avec un sac.\n\n\
             - machines et fil fournis\n- venez avec un tissu que vous aimez\n\nEscalier de 6 marches à l’entrée.",
        ),
        lang: "fr".into(),
        author: Person::new("Aïcha").at("/members/0192f0a0-0000-7000-9000-000000000001"),
        entered_by: None,
        slip_code: None,
        copy: None,
        place: Some("Le Métier, Roubaix".into()),
        when: Some("Les samedis, 10 h – 12 h".into()),
        settlements: vec![Settlement::Hours],
        price: Some(l.duration(120)),
        places_left: Some(4),
        audience: Audience::Public,
        is_open_mode: true,
        published: ago(l, 26),
        changed: Some(ago(l, 3)),
        expires: Some(l.full_stamp(Moment::utc(NOW + 40 * 24 * HOUR))),
        photos: Vec::new(),
        state: ProposalState::Published,
        reader: Reader::Member(Form::new()),
        may_prolong: false,
        asks_contact: true,
        answer_for: Vec::new(),
        team_answer: None,
        responses: Vec::new(),
        spread: None,
        widening: None,
        qr: crate::qr::svg(
            "https://bobinette.example/objets/0192f0a0",
            &l.t("share-qr"),
        ),
        more_responses: None,
        remarks: remarks(l),
        question: Some(Form::new()),
    }
}

fn remarks(l: Locale) -> Vec<Remark> {
    let first = Remark {
        key: "q1".into(),
        who: Person::new("Zoé").from_hub("La Criée Partagée"),
        text: member_text("Le cours convient-il à quelqu’un qui n’a jamais cousu ?"),
        at: ago(l, 20),
        outside: false,
        waiting: false,
    };
    let outside = Remark {
        key: "q2".into(),
        who: Person::new("@lou@mastodon.example"),
        text: member_text("Y a-t-il un accès en fauteuil ?"),
        at: ago(l, 3),
        outside: true,
        waiting: true,
    };
    vec![first, outside]
}

fn responses(l: Locale) -> Vec<Response> {
    let waiting = Response {
        href: "/reponses/0192f0a0-0000-7000-a000-000000000001".into(),
        key: "r1".into(),
        who: Person::new("Lucien")
            .from_hub("Le Chevalement")
            .at("/kpa/lechevalement/lucien"),
        message: member_text(
            "Je peux venir **jeudi** avec mes outils. Il me faut le modèle du moyeu.",
        ),
        lang: "fr".into(),
        quantity: None,
        proposed: Some(l.date_without_year(Moment::utc(NOW + 2 * 24 * HOUR).civil)),
        sent: ago(l, 2),
        state: ResponseState::Sent,
        agreement: None,
        decided_elsewhere: false,
    };
    let accepted = Response {
        href: "/reponses/0192f0a0-0000-7000-a000-000000000002".into(),
        key: "r2".into(),
        who: Person::new("Oumar"),
        message: member_text("Je m’y connais un peu en freins."),
        quantity: Some(2),
        proposed: None,
        state: ResponseState::Accepted,
        agreement: Some("/accords/0192f0a0-0000-7000-b000-000000000001".into()),
        ..waiting.clone()
    };
    let refused = Response {
        href: "/reponses/0192f0a0-0000-7000-a000-000000000003".into(),
        key: "r3".into(),
        who: Person::new("Djibril").from_hub("Le Chevalement"),
        state: ResponseState::Refused,
        quantity: None,
        agreement: None,
        ..accepted.clone()
    };
    vec![waiting, accepted, refused]
}

pub(super) fn pages(l: Locale) -> Vec<Sample<ProposalPage>> {
    let need = ProposalPage {
        purpose: Purpose::Request,
        category: Some(Category::Mobility),
        title: "Réparer le vélo-cargo".into(),
        text: member_text(
            "Le moyeu arrière grince et la chaîne saute. Il sert aux livraisons du mardi.",
        ),
        author: Person::new("Karima").at("/members/0192f0a0-0000-7000-9000-000000000003"),
        audience: Audience::Network,
        places_left: None,
        reader: Reader::Author,
        may_prolong: true,
        responses: responses(l),
        spread: Some(Spread {
            received: 3,
            total: 4,
            waiting: vec!["Les Deux Voiles".into()],
        }),
        widening: Some(Widening {
            next: Audience::Followed,
            at: ahead(l, 22),
        }),
        more_responses: Some(Link::new("?reponses=2", "3")),
        ..offer(l)
    };
    let mut refused = Form::from_pairs([("message", "")]);
    refused.refuse("message", Problem::Required);
    let copied = ProposalPage {
        copy: Some(Copy {
            hub: hub("Le Chevalement", "45 km"),
            original: "https://chevalement.example/objets/0192f0a0".into(),
            copied: ago(l, 5),
        }),
        author: Person::new("Lucien").from_hub("Le Chevalement"),
        title: "Révision de vélo".into(),
        reader: Reader::Member(refused),
        ..offer(l)
    };
    let answered = ProposalPage {
        reader: Reader::Answered(MyResponse {
            href: "/reponses/0192f0a0-0000-7000-a000-000000000009".into(),
            message: member_text("Je peux venir jeudi."),
            sent: ago(l, 30),
            state: ResponseState::Sent,
            travel: Some(Travel::Waiting),
            travel_note: Some(l.t1("travel-unreachable", "hub", "Le Chevalement")),
            agreement: None,
            reason: None,
        }),
        ..copied.clone()
    };
    let silent = ProposalPage {
        reader: Reader::Silent(l.t("answer-not-here")),
        ..copied.clone()
    };
    let mut samples = vec![
        Sample::member("offer", offer(l)),
        Sample::member("need-of-the-author", need),
        Sample::member("copy-with-errors", copied),
        Sample::member("answered", answered),
        Sample::member("silent", silent),
    ];
    samples.extend(visited(l));
    samples
}

/// What a visitor sees, and what stays once the thing is found.
fn visited(l: Locale) -> Vec<Sample<ProposalPage>> {
    let with_photo = ProposalPage {
        photos: vec![Photo {
            src: "/media/sample.webp".into(),
            full: "/media/sample-full.webp".into(),
            alt: "Une machine à coudre sur une table".into(),
            width: 640,
            height: 480,
        }],
        reader: Reader::Visitor,
        question: None,
        ..offer(l)
    };
    let found = ProposalPage {
        state: ProposalState::Fulfilled,
        entered_by: Some("Oumar".into()),
        slip_code: Some("G-7K2".into()),
        reader: Reader::Author,
        responses: Vec::new(),
        audience: Audience::Hub,
        ..offer(l)
    };
    let mut empty = Form::from_pairs([("question", "")]);
    empty.refuse("question", Problem::Required);
    let asked = ProposalPage {
        question: Some(empty),
        remarks: Vec::new(),
        ..offer(l)
    };
    vec![
        Sample::visitor("of-a-visitor", with_photo),
        Sample::member("found", found),
        Sample::member("question-with-errors", asked),
    ]
}

pub(super) fn forms(l: Locale) -> Vec<Sample<ProposalForm>> {
    let blank = ProposalForm {
        mode: Mode::New,
        form: ProposalForm::blank(Purpose::Offer, "Roubaix"),
        kinds: vec![Kind::Service, Kind::Loan, Kind::Gift, Kind::Sale],
        is_open_mode: true,
        photos: Vec::new(),
        is_visitor: false,
        members: Vec::new(),
    };
    let mut refused = ProposalForm::blank(Purpose::Request, "Roubaix");
    refused.set("price", "12,5o");
    refused.set("title", "<script>alert(1)</script>");
    refused.refuse("title", Problem::TooShort { min: 3 });
    refused.refuse("settlement", Problem::ChoiceRequired);
    refused.refuse("price", Problem::NotAnAmount);
    refused.refuse(
        "photo",
        Problem::FileTooBig {
            size: 80_000_000,
            limit: super::PROPOSAL_PHOTO_BYTES_MAX,
        },
    );
    refused.refuse("photo_alt_3", Problem::DescriptionRequired);
    let edit = ProposalForm {
        mode: Mode::Edit("/objets/0192f0a0-0000-7000-8000-000000000001".into()),
        photos: vec![PhotoNow::new(
            "0192f0a0-0000-7000-8000-000000000009",
            Photo {
                src: "/media/sample.webp".into(),
                width: 160,
                height: 120,
                ..Photo::default()
            },
        )],
        is_open_mode: false,
        ..blank.clone()
    };
    let on_behalf = ProposalForm {
        mode: Mode::OnBehalf,
        members: vec![
            ("0192".into(), "Aïcha".into()),
            ("0193".into(), "Oumar".into()),
        ],
        ..blank.clone()
    };
    let mut late = blank.clone();
    late.form.set_note(l.t("form-too-late"));
    vec![
        Sample::member("blank", blank.clone()),
        Sample::member(
            "errors",
            ProposalForm {
                form: refused,
                ..blank.clone()
            },
        ),
        Sample::member("edit", edit),
        Sample::member("on-behalf", on_behalf),
        Sample::visitor(
            "of-a-visitor",
            ProposalForm {
                is_visitor: true,
                ..blank
            },
        ),
        Sample::member("late", late),
    ]
}

pub(super) fn withdraw() -> Vec<Sample<WithdrawForm>> {
    let page = WithdrawForm {
        href: "/objets/0192f0a0-0000-7000-8000-000000000001".into(),
        title: "Cours de couture débutant".into(),
        open_responses: 2,
        form: Form::new(),
    };
    vec![
        Sample::member("with-answers", page.clone()),
        Sample::member(
            "without",
            WithdrawForm {
                open_responses: 0,
                ..page
            },
        ),
    ]
}

pub(super) fn report(_: Locale) -> Vec<Sample<ReportForm>> {
    let mut form = Form::new();
    form.refuse("reason", Problem::ChoiceRequired);
    let page = ReportForm {
        href: "/objets/0192f0a0-0000-7000-8000-000000000001".into(),
        title: "Révision de vélo".into(),
        hub: Some("Le Chevalement".into()),
        form: Form::new(),
    };
    vec![
        Sample::member("of-another-hub", page.clone()),
        Sample::member(
            "errors",
            ReportForm {
                hub: None,
                form,
                ..page
            },
        ),
    ]
}
