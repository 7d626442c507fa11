"""Documents as a family may add them, and what is written beside them: what the notes' thresholds were tuned on.

`STARTS` are texts in progress, the document that they are about, and the words of it that would come next at once
or a little later.
"""

DOCUMENTS: dict[str, str] = {
    "bakery.txt": """Zolotarev bakery on Linden Street sells fresh bread and rye rolls until six. It is closed on
Mondays. The poppy seed cake has to be ordered two days before. In summer there are tables on the
pavement, and the coffee is better than at the station. Deliveries leave at seven in the morning
with the green van.""",
    "garden.md": """# The community garden
Our plot is number fourteen, beside the greenhouse. Tomatoes and courgettes need water every evening
in July. The compost behind the shed belongs to everyone.

## Tools
The wheelbarrow and the shears hang in the shed; the padlock opens with the year of the founding.
Please clean the spades. The hose leaks at the tap, so turn it off afterwards.

## Harvest
Raspberries ripen in June, plums in August. What nobody picks goes to the food bank in Kestrel Road.""",
    "care.txt": """\
Physiotherapy is on Tuesdays and Thursdays at ten. The hoist must be charged overnight; its battery
lasts four transfers. Baclofen is given with breakfast and with supper, never on an empty stomach.
The cushion of the wheelchair is turned at noon to spare the skin. If the ventilator beeps twice,
the tube has slipped: check the mask first. The night nurse comes at nine and leaves the log on the
kitchen shelf.""",
    "chess.txt": """The chess club meets on Fridays in the library of Harrow Lane. The winter tournament has seven
rounds with the Swiss system. In the last match our second board played the Caro-Kann and lost a
rook in the endgame. The trophy stands in the reading room. Members pay twelve pounds a year, and
beginners play for nothing. Clocks and boards are in the cupboard beside the radiator.""",
    "lake.md": """# Holiday at Lake Orsa
The cabin has two bedrooms and a ramp down to the jetty. The ferry to Tallholm leaves at noon and
takes wheelchairs. We hire a rowing boat from the harbour office; life jackets are in the blue
chest. There is a sauna by the water. Trout is caught best before sunrise. The pharmacy and the
supermarket are in Mora, twenty minutes by car. Bring blankets: the nights are cold even in August.""",
    "film.txt": """\
The film evening begins at half past seven with a comedy. The projector needs ten minutes to warm up
and the subtitles are switched on in the settings. Popcorn is made in the microwave. Last month we
watched a documentary about penguins and everybody fell asleep. Next is a thriller set on a
submarine.""",
    "пекарня.txt": """Пекарня Золотарёва на Липовой улице продаёт свежий хлеб и ржаные булки до шести часов. По
понедельникам она закрыта. Маковый рулет заказывают за два дня. Летом столики стоят на тротуаре.""",
    "дача.txt": """Дача стоит у озера, в двух часах на электричке. Баню топят по субботам, дрова лежат под навесом.
Помидоры в теплице поливают вечером. Лодку берут у соседа, вёсла хранятся в сарае. В лесу за оврагом
много лисичек.""",
}

STARTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("We could buy bread at", "bakery.txt", ("Zolotarev",)),
    ("I would like some of those rye", "bakery.txt", ("rolls",)),
    ("Is the bakery closed on", "bakery.txt", ("Mondays",)),
    ("Please order a poppy seed", "bakery.txt", ("cake",)),
    ("The tomatoes need", "garden.md", ("water",)),
    ("Has somebody put the wheelbarrow back in the", "garden.md", ("shed",)),
    ("When do the raspberries", "garden.md", ("ripen",)),
    ("Take the plums to the food", "garden.md", ("bank",)),
    ("The ventilator", "care.txt", ("beeps",)),
    ("My cushion has not been", "care.txt", ("turned",)),
    ("Did you remember that the hoist must be", "care.txt", ("charged",)),
    ("Physiotherapy hurts. It is on", "care.txt", ("Tuesdays",)),
    ("Are you playing in the winter", "chess.txt", ("tournament",)),
    ("I lost a rook in the", "chess.txt", ("endgame",)),
    ("The chess club meets on", "chess.txt", ("Fridays",)),
    ("The ferry to", "lake.md", ("Tallholm",)),
    ("Let us hire a rowing", "lake.md", ("boat",)),
    ("Is there a sauna at the cabin by the", "lake.md", ("water",)),
    ("We caught a trout before", "lake.md", ("sunrise",)),
    ("Switch on the subtitles, and the projector needs to", "film.txt", ("warm",)),
    ("The documentary was about", "film.txt", ("penguins",)),
    ("Хлеб можно купить в пекарне", "пекарня.txt", ("Золотарёва",)),
    ("Закажите, пожалуйста, маковый", "пекарня.txt", ("рулет",)),
    ("В субботу мы топим", "дача.txt", ("баню", "Баню")),
    ("Возьмём лодку у", "дача.txt", ("соседа",)),
    ("В теплице надо полить", "дача.txt", ("помидоры", "Помидоры")),
)

UNRELATED: tuple[str, ...] = (
    "Good morning. How did you",
    "I am so tired that I",
    "My back hurts again and I",
    "Could you please open the window a",
    "What time does your train",
    "I do not want to talk about",
    "Please turn the radio down, it is too",
    "Tell your mother that I",
    "That was a very funny",
    "I had a strange dream about a",
    "Can you scratch my left",
    "The president said on the news that",
    "I finished the book about the war and",
    "You look beautiful in that",
    "Thank you for the flowers, they",
    "My computer is slow and the",
    "I would rather have soup than",
    "He never answers his",
    "Do you believe in",
    "Happy birthday to",
    "We should paint the living room",
    "The doctor wants to change my",
    "I need a new battery for the remote",
    "Why did the team sell its best",
    "Доброе утро. Как вы",
    "Я очень устал и хочу",
    "Закройте, пожалуйста, окно, мне",
    "Врач сказал, что мне нужно",
    "Позвони маме и скажи, что",
    "Мне приснился странный сон про",
)
