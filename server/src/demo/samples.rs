//! The sample network: five hubs, their people, what they offer and look for.
//!
//! Hubs and people are invented; towns are real. The data of the demo, the tests of the browser and
//! the pictures of the README.

use crate::features::people::rights::Role;

/// A hub of the sample network.
#[derive(Debug)]
pub struct SampleHub {
    /// Slug, also the first label of its address.
    pub slug: &'static str,
    /// Name people read.
    pub name: &'static str,
    /// One sentence for strangers.
    pub summary: &'static str,
    /// Commune.
    pub town: &'static str,
    /// Telephone of the place (numbers set apart for fiction by ARCEP).
    pub phone: &'static str,
    /// Accent colour of its pages, 1 to 8.
    pub accent: u8,
    /// Its people.
    pub people: &'static [SamplePerson],
    /// What they publish.
    pub proposals: &'static [SampleProposal],
}

/// A member of a sample hub.
#[derive(Debug)]
pub struct SamplePerson {
    /// Handle.
    pub handle: &'static str,
    /// Name people read.
    pub name: &'static str,
    /// Roles held.
    pub roles: &'static [Role],
    /// Telephone, shown to the other party after an agreement.
    pub phone: &'static str,
    /// Whether the person consented to that.
    pub shares_contact: bool,
    /// Languages spoken, BCP 47, comma-separated.
    pub languages: &'static str,
    /// Whether the person opted into a public actor.
    pub public_actor: bool,
}

/// An offer or a need of the sample network, in the words of the publish form.
#[derive(Debug)]
pub struct SampleProposal {
    /// Handle of the author.
    pub author: &'static str,
    /// `offer` or `request`.
    pub purpose: &'static str,
    /// `service`, `loan`, `gift`, `sale`, `event_seat`, `booking`, `mission`, `order`.
    pub kind: &'static str,
    /// Title.
    pub title: &'static str,
    /// Text.
    pub description: &'static str,
    /// Settlements, comma-separated.
    pub settlements: &'static str,
    /// Units.
    pub quantity: i64,
    /// Price of a unit in euro cents; 0 when none.
    pub price_cents: i64,
    /// Duration of a unit in minutes; 0 when none.
    pub minutes: i64,
    /// « samedis »
    pub when: &'static str,
    /// `public` or `network`.
    pub visibility: &'static str,
}

const fn person(
    handle: &'static str,
    name: &'static str,
    roles: &'static [Role],
    phone: &'static str,
    languages: &'static str,
    public_actor: bool,
) -> SamplePerson {
    SamplePerson {
        handle,
        name,
        roles,
        phone,
        shares_contact: true,
        languages,
        public_actor,
    }
}

/// The sample network, in the order of its ports.
pub const HUBS: &[SampleHub] = &[
    SampleHub {
        slug: "bobinette",
        name: "La Bobinette",
        summary: "Couture, friperie et sérigraphie au Métier, tiers-lieu textile de Roubaix.",
        town: "Roubaix",
        phone: "03 53 01 00 10",
        accent: 1,
        people: &[
            person(
                "aicha",
                "Aïcha",
                &[Role::Cooperant],
                "06 39 98 00 11",
                "fr,ar",
                false,
            ),
            person(
                "bruno",
                "Bruno",
                &[Role::Cooperant],
                "06 39 98 00 12",
                "fr,pt",
                true,
            ),
            person(
                "karima",
                "Karima",
                &[Role::Spokesperson, Role::Facilitator],
                "06 39 98 00 13",
                "fr,ar,en",
                true,
            ),
            person(
                "oumar",
                "Oumar",
                &[Role::User, Role::Desk],
                "06 39 98 00 14",
                "fr,snk,wo",
                false,
            ),
            person(
                "nadia",
                "Nadia",
                &[Role::Treasurer, Role::TechnicalAdmin],
                "06 39 98 00 15",
                "fr",
                false,
            ),
        ],
        proposals: &[
            SampleProposal {
                author: "aicha",
                purpose: "offer",
                kind: "service",
                title: "Cours de couture débutant, 2 h",
                description: "On apprend à enfiler la machine, à faire un ourlet et une taie d'oreiller. Les machines sont sur place.",
                settlements: "hours",
                quantity: 4,
                price_cents: 0,
                minutes: 120,
                when: "Les samedis matin",
                visibility: "public",
            },
            SampleProposal {
                author: "bruno",
                purpose: "offer",
                kind: "sale",
                title: "Tote bag sérigraphié",
                description: "Toile recyclée, encre à l'eau. Trois couleurs au choix, à retirer au comptoir.",
                settlements: "euros",
                quantity: 20,
                price_cents: 1_200,
                minutes: 0,
                when: "",
                visibility: "public",
            },
            SampleProposal {
                author: "karima",
                purpose: "request",
                kind: "loan",
                title: "Presse à chaud 40×50 pour une semaine",
                description: "Pour finir une commande de tee-shirts. Nous venons la chercher.",
                settlements: "hours",
                quantity: 1,
                price_cents: 0,
                minutes: 60,
                when: "Début décembre",
                visibility: "network",
            },
        ],
    },
    SampleHub {
        slug: "chevalement",
        name: "Le Chevalement",
        summary: "Menuiserie, vélo et impression 3D à l'Atelier de la Rhônelle, fablab de Valenciennes.",
        town: "Valenciennes",
        phone: "03 53 01 00 20",
        accent: 2,
        people: &[
            person(
                "lucien",
                "Lucien",
                &[Role::Cooperant],
                "06 39 98 00 21",
                "fr",
                true,
            ),
            person(
                "estelle",
                "Estelle",
                &[Role::Cooperant],
                "06 39 98 00 22",
                "fr,nl",
                true,
            ),
            person(
                "djibril",
                "Djibril",
                &[Role::User],
                "06 39 98 00 23",
                "fr,ff",
                false,
            ),
            person(
                "chloe",
                "Chloé",
                &[Role::Spokesperson, Role::Facilitator],
                "06 39 98 00 24",
                "fr,en",
                true,
            ),
            person(
                "yacine",
                "Yacine",
                &[Role::AdministrativeReferent, Role::TechnicalAdmin],
                "06 39 98 00 25",
                "fr,ar",
                false,
            ),
        ],
        proposals: &[
            SampleProposal {
                author: "lucien",
                purpose: "offer",
                kind: "service",
                title: "Révision de vélo, 1 h",
                description: "Freins, vitesses, éclairages et roues. On le fait ensemble si vous voulez apprendre.",
                settlements: "hours,gift",
                quantity: 6,
                price_cents: 0,
                minutes: 60,
                when: "Atelier vélo, le mercredi",
                visibility: "public",
            },
            SampleProposal {
                author: "chloe",
                purpose: "offer",
                kind: "loan",
                title: "Remorque vélo 60 kg",
                description: "Prêtée trois jours au plus. Une caution morale suffit.",
                settlements: "gift",
                quantity: 1,
                price_cents: 0,
                minutes: 0,
                when: "3 jours au plus",
                visibility: "public",
            },
            SampleProposal {
                author: "estelle",
                purpose: "request",
                kind: "service",
                title: "Patron de housse pour une remorque",
                description: "La remorque prend la pluie. Il faut un patron simple, en toile enduite.",
                settlements: "hours",
                quantity: 1,
                price_cents: 0,
                minutes: 60,
                when: "",
                visibility: "network",
            },
            SampleProposal {
                author: "yacine",
                purpose: "request",
                kind: "order",
                title: "Farine T80, 35 kg",
                description: "Pour les goûters de l'atelier. On peut commander avec d'autres KPA.",
                settlements: "euros",
                quantity: 35,
                price_cents: 90,
                minutes: 0,
                when: "",
                visibility: "network",
            },
        ],
    },
    SampleHub {
        slug: "criee",
        name: "La Criée Partagée",
        summary: "Traiteur, conserverie et groupement d'achat à la Cuisine du Chemin, Boulogne-sur-Mer.",
        town: "Boulogne-sur-Mer",
        phone: "03 53 01 00 30",
        accent: 3,
        people: &[
            person(
                "mireille",
                "Mireille",
                &[Role::Cooperant],
                "06 39 98 00 31",
                "fr",
                true,
            ),
            person(
                "farid",
                "Farid",
                &[Role::Cooperant, Role::Treasurer],
                "06 39 98 00 32",
                "fr,ar",
                false,
            ),
            person(
                "therese",
                "Thérèse",
                &[Role::Spokesperson, Role::Facilitator],
                "06 39 98 00 33",
                "fr",
                true,
            ),
            person(
                "gwenaelle",
                "Gwenaëlle",
                &[Role::User, Role::Orders, Role::TechnicalAdmin],
                "06 39 98 00 34",
                "fr,br",
                false,
            ),
        ],
        proposals: &[
            SampleProposal {
                author: "mireille",
                purpose: "offer",
                kind: "sale",
                title: "Buffet pour 30 personnes, produits locaux",
                description: "Poissons de la criée, légumes du coin, pain maison. À demander dix jours avant.",
                settlements: "cae_invoice",
                quantity: 2,
                price_cents: 40_000,
                minutes: 0,
                when: "10 jours d'avance",
                visibility: "public",
            },
            SampleProposal {
                author: "therese",
                purpose: "offer",
                kind: "event_seat",
                title: "Initiation aux conserves",
                description: "Stérilisation, bocaux, étiquettes. On repart avec trois bocaux.",
                settlements: "euros,hours",
                quantity: 8,
                price_cents: 300,
                minutes: 60,
                when: "Un jeudi sur deux",
                visibility: "public",
            },
            SampleProposal {
                author: "farid",
                purpose: "request",
                kind: "mission",
                title: "Livrer 3 bacs à Roubaix jeudi",
                description: "Trois bacs de 16 kg, de Boulogne au Métier. Retour possible avec des bacs vides.",
                settlements: "hours",
                quantity: 1,
                price_cents: 0,
                minutes: 180,
                when: "Jeudi",
                visibility: "network",
            },
        ],
    },
    SampleHub {
        slug: "deuxvoiles",
        name: "Les Deux Voiles",
        summary: "Sacs en voile recyclée, jardinage et recyclerie au Hangar des Minimes, La Rochelle.",
        town: "La Rochelle",
        phone: "05 36 49 00 40",
        accent: 4,
        people: &[
            person(
                "jeanne",
                "Jeanne",
                &[Role::Cooperant],
                "06 39 98 00 41",
                "fr,es",
                true,
            ),
            person(
                "ismael",
                "Ismaël",
                &[Role::Cooperant, Role::Treasurer],
                "06 39 98 00 42",
                "fr,en",
                false,
            ),
            person(
                "pauline",
                "Pauline",
                &[
                    Role::Spokesperson,
                    Role::Counsellor,
                    Role::Facilitator,
                    Role::TechnicalAdmin,
                ],
                "06 39 98 00 43",
                "fr",
                true,
            ),
        ],
        proposals: &[
            SampleProposal {
                author: "ismael",
                purpose: "offer",
                kind: "service",
                title: "Taille de haies jusqu'à 3 m",
                description: "Avec mon matériel, dans l'agglomération. Les branches sont broyées sur place.",
                settlements: "cesu,hours",
                quantity: 4,
                price_cents: 0,
                minutes: 120,
                when: "Le week-end",
                visibility: "public",
            },
            SampleProposal {
                author: "jeanne",
                purpose: "offer",
                kind: "gift",
                title: "Chutes de voile, 12 kg",
                description: "Dacron blanc et ripstop de couleur, lavés. Idéal pour des sacs et des housses.",
                settlements: "gift",
                quantity: 12,
                price_cents: 0,
                minutes: 0,
                when: "",
                visibility: "public",
            },
            SampleProposal {
                author: "jeanne",
                purpose: "request",
                kind: "service",
                title: "Traduire une notice du français vers l'arabe",
                description: "Deux pages sur le lavage des sacs. On peut se parler par téléphone.",
                settlements: "hours",
                quantity: 1,
                price_cents: 0,
                minutes: 90,
                when: "",
                visibility: "network",
            },
        ],
    },
    SampleHub {
        slug: "lavedouce",
        name: "La Lave Douce",
        summary: "Repair café, son et médiation à La Coulée, Clermont-Ferrand. KPA en création.",
        town: "Clermont-Ferrand",
        phone: "04 65 71 00 50",
        accent: 5,
        people: &[
            person(
                "rachid",
                "Rachid",
                &[Role::User],
                "06 39 98 00 51",
                "fr,ar",
                false,
            ),
            person(
                "sylvie",
                "Sylvie",
                &[Role::Facilitator, Role::TechnicalAdmin],
                "06 39 98 00 52",
                "fr",
                true,
            ),
            person(
                "hawa",
                "Hawa",
                &[Role::User],
                "06 39 98 00 53",
                "fr,bm",
                true,
            ),
        ],
        proposals: &[
            SampleProposal {
                author: "hawa",
                purpose: "offer",
                kind: "booking",
                title: "Salle de répétition, 2 h",
                description: "Vingt personnes, sono et batterie sur place. Accès de plain-pied.",
                settlements: "hours",
                quantity: 10,
                price_cents: 0,
                minutes: 120,
                when: "En soirée",
                visibility: "public",
            },
            SampleProposal {
                author: "sylvie",
                purpose: "request",
                kind: "service",
                title: "Une CAE prête à porter 6 CAPE en Auvergne",
                description: "Le KPA se crée. Nous cherchons la structure qui portera les contrats.",
                settlements: "barter",
                quantity: 1,
                price_cents: 0,
                minutes: 0,
                when: "Au printemps",
                visibility: "network",
            },
        ],
    },
];
