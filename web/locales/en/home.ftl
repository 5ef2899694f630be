home-title = Home
home-hello = Here, people help each other
home-hello-name = Hello { $name }
home-offer-hint = A skill, a loan, a gift
home-request-hint = Help, equipment, a place
home-see = I look around
home-see-hint = Announcements from here and the network
home-waiting = What waits for you
waiting-confirm = Say whether it is done with { $who }: “{ $what }”
waiting-do = To do with { $who }: “{ $what }”
home-nothing-waits = Nothing waits for you. All is up to date.
home-latest = Latest announcements
home-all = See all
home-news = News of the KPAs we follow
home-visit = Come and see us
home-hubs = { $n ->
    [one] 1 KPA in the network
   *[other] { $n } KPAs in the network
}
