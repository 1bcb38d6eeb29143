"""The names of HTML's elements, grouped by what they mean for a text."""

DROPPED = frozenset(
    "script style noscript template form nav button input select textarea svg canvas object applet link meta head "
    "title menu dialog noframes amp-ad amp-sidebar amp-consent amp-sticky-ad amp-user-notification".split()
)
INLINE = frozenset(
    "a abbr acronym b bdi bdo big br cite code del em font i ins kbd mark q s samp small span strike strong sub "
    "sup time tt u var wbr".split()
)
HEADINGS = {"h1": 2, "h2": 2, "h3": 3, "h4": 4, "h5": 4, "h6": 4}
PICTURES = frozenset("img picture amp-img".split())
EMBEDS = frozenset("iframe amp-iframe embed amp-youtube amp-twitter amp-instagram amp-facebook lite-youtube".split())
RECORDINGS = frozenset("video audio amp-video amp-audio".split())
MEDIA = PICTURES | EMBEDS | RECORDINGS | {"figure"}
