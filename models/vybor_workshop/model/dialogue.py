"""What people say to each other, in the recipes' languages. Written for this; nobody said it.

A cache of 8 bits is fitted to the one half, a model is held against its reference with the other.
"""

ENGLISH = """\
Good morning. Did you sleep well?
Not too bad, thank you. I woke up once, around four, because my legs were stiff. Could you bend my knees a little?
Of course. Is that better?
Yes, much better. What is the weather like today?
It is raining, but it should clear up by noon. Do you want to go outside after lunch?
I would like that. Can we go to the park and feed the ducks? Please take the warm blanket, the blue one.
I'll put it by the door. Your sister called yesterday evening, she asks when she can come and visit.
Tell her that Saturday would be fine, any time after 3:30. She can bring the children if they don't mind the noise!
She will be glad. What would you like for breakfast?
Porridge with apple, and a cup of coffee. Not so hot as last time. And turn the radio down, I can't hear you.
Sorry. The doctor is coming at ten. Is there anything you want to ask her?
My left shoulder hurts when I lie on that side, and the new pills make me tired. I'd rather take them at night.
I will write that down. Do you want me to stay with you while she is here?
Yes, please. You know how quickly she talks. It helps if somebody waits until I have finished my sentence.
"""
RUSSIAN = """\
Доброе утро. Как ты спал?
Неплохо, спасибо. Проснулся один раз, часа в четыре: ноги затекли. Согни мне, пожалуйста, колени.
Конечно. Так лучше?
Да, гораздо лучше. Какая сегодня погода?
Дождь, но к обеду должно проясниться. Хочешь погулять после обеда?
С удовольствием. Пойдём в парк, покормим уток? Только возьми тёплое одеяло, синее.
Положу у двери. Вчера вечером звонила твоя сестра, спрашивала, когда можно приехать.
Скажи ей, что лучше в субботу, после половины четвёртого. Пусть и детей возьмёт, если им не скучно!
Она обрадуется. Что будешь на завтрак?
Кашу с яблоком и чашку кофе, только не такого горячего, как в прошлый раз. И сделай радио потише, я тебя не слышу.
Извини. В десять придёт врач. Хочешь её о чём-нибудь спросить?
Левое плечо болит, когда я лежу на этом боку, а от новых таблеток хочется спать. Лучше пить их на ночь.
Я запишу. Мне остаться с тобой, пока она здесь?
Да, пожалуйста. Ты же знаешь, как быстро она говорит. Хорошо, когда кто-то ждёт, пока я закончу фразу.
"""
TO_FIT, TO_COMPARE = (
    {language: "\n".join(text.splitlines()[half]) for language, text in (("en", ENGLISH), ("ru", RUSSIAN))}
    for half in (slice(None, 8), slice(8, None))
)
