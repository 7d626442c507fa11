"""Words that stand in any text and say nothing of what it is about: they find no note. English and Russian."""

_ENGLISH = """
a about above across actually after again against ago ain all almost alone along already also although always am
among an and another any anybody anyone anything anyway are aren around as ask asked at away back bad be became
because become been before began begin behind being believe below beside best better between big bit both but by
call called came can cannot come comes coming could couldn day days did didn do does doesn doing don done down
during each either else enough even ever every everybody everyone everything far feel felt few find first for
found from gave get gets getting give given go goes going gone good got great had hadn happen happened has hasn
have haven having he hello help her here hers herself hi him himself his hope how however i if in instead into
is isn it its itself just keep kept kind knew know known last later least left less let like little long look
looked looking lot made make makes making many may maybe me mean might mine more most much must my myself near
need needed never new next nice no nobody none nor not nothing now of off oh ok okay on once one only onto or
other others our ours out over own part people perhaps place please put quite rather real really right said same
saw say saying says see seem seems seen several shall she should shouldn show since so some somebody someone
something sometimes soon still such sure take taken takes taking talk tell than thank thanks that the their
theirs them themselves then there these they thing things think this those though thought through till time
times to today together told tomorrow too took toward tried try two under until up upon us use used using
usually very wait want wanted wants was wasn way we well went were weren what whatever when where whether which
while who whole whom whose why will wish with within without won word words work would wouldn yeah year years
yes yesterday yet you your yours yourself ll ve re
"""
_RUSSIAN = """
а без бы был была были было быть в вам вами вас ваш ваша ваше ваши ведь весь вы вот все всегда всего всей всем
всех вдруг во где говорить говорит говорю да давай даже два две дела делать делаю дело день для до добрый другая
другие другой его ее ей ему если есть еще же за завтра здесь здравствуйте знаю знаешь знает знать и из из-за или
им ими иногда их к каждый как какая какие какой когда конечно которая которого которой которые который которых
кто куда ли либо лучше люди между меня мне много мной могу может можно мог могли мое моей моего мои мой моя мы
на над надо наверное нам нами нас наш наша наше наши не него нее ней некоторые нельзя нет ни нибудь никогда ним
них ничего но новый ну нужно о об один одна одно однако он она они оно опять от очень перед по под пожалуйста
пока понимаю после потом потому почему почти при привет про просто раз разве разных с сам сама сами самый свое
своей своего свои своих свой свою своя сегодня сейчас себе себя сказал сказала сказать скажите скоро со снова
совсем спасибо стал стала стали такая также такие такой там твой твоя те тебе тебя тем теперь то тобой того тоже
той только том тот три ту тут ты у уж уже хорошо хотел хотела хотеть хотим хотите хочет хочу чего человек чем
через что чтобы чуть эта эти этим этих это этого этой этом этот эту я
"""
COMMON = frozenset((_ENGLISH + _RUSSIAN).split())
"""Folded: small letters, ё = е."""
