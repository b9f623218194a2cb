# ruff: noqa: E501  (a pattern reads better whole)
"""What the words of a clause speak for: hand-written patterns over its canonical line. How loudly each speaks is fitted
(`judge.py`): which of them fire is part of what the table reads.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SYM = r"\$[A-Z][A-Z0-9.\-]*"
_MINE = r"(?:my|our|i|me|am i|have i|do i|did i)"


@dataclass(frozen=True)
class Cue:
    """A pattern that speaks for a sub-intent."""

    sub: str
    pattern: re.Pattern[str]


def _cues(sub: str, *patterns: str) -> list[Cue]:
    return [Cue(sub, re.compile(pattern)) for pattern in patterns]


_SIGNALS = [
    *_cues("list_signals",
        r"\b(?:signals|recommendations|setups|picks|opportunities|trade ideas|trading ideas)\b", r"\b(?:ideas?|best trades?|any trades?)\b",
        r"\bwhat (?:should|can|would|could) (?:i|we|you) (?:buy|trade|short|sell|look at)\b(?!.*\$[A-Z])", r"\bwhat looks (?:good|interesting|strong|best|promising)\b|\banything (?:good|interesting|worth|to (?:buy|trade|short))\b",
        r"\b(?:scan|screen|rank)\b.*\b(?:market|stocks|symbols|universe|all)?\b", r"\bwhat (?:is|are) (?:you|your|the) (?:best|top|strongest|favou?rite)\b", r"\btop \d+\b",
        r"\bwhat do you (?:recommend|suggest|like)\b(?!.*\$[A-Z])", r"\b(?:best|strongest|highest) (?:conviction|confidence|signal)s?\b"),
    *_cues("analyze_symbol",
        r"\b(?:analy[sz]e|analysis|assess|evaluate|technicals?|study|dig into|deep dive|break down)\b", rf"\bhow (?:does|do|is|are) (?:{SYM}|it|that|this|they)(?: and {SYM})* (?:look|looking|shaping|set up|setting)",
        r"\bhow (?:good |strong )?(?:does|do|is) .*\blook(?:ing)?\b", r"\bwhat do you (?:think|make|reckon|see)\b|\byour (?:opinion|view|take|read)\b|\bthoughts\b|\bopinion\b|\btake on\b|\bwhat about the setup\b",
        rf"\b(?:signal|setup|recommendation|read|call|idea) (?:on|for|of|in|about) (?:{SYM}|it|that)|{SYM} (?:signal|setup|recommendation|analysis|technicals|looking)",
        rf"\b(?:is|are) (?:{SYM}|it|that|this|now)(?: still| really)? (?:a |an )?(?:good |strong |great )?(?:buy|sell|short|long|hold|worth|attractive|bullish|bearish|overbought|oversold|time)\b",
        r"\bshould (?:i|we) (?:\w+ ){0,2}(?:buy|sell|short|hold|keep|dump|close|exit|trim|add|get|grab|pick|go|take|cover|own|be)\b", r"\b(?:good|right|bad|wise|smart|safe|worth|best) (?:time |idea |moment )?(?:to )?(?:buy|buying|sell|selling|enter|short|shorting|hold|holding)\b",
        r"\bbuy or sell\b|\bwould you (?:buy|sell|short|own|touch|hold)\b|\b(?:bullish|bearish)(?: or (?:bullish|bearish))? (?:on|about)\b", rf"\b(?:check|look at|tell me about|what about|view on|look into) {SYM}",
        r"\b(?:rsi|macd|adx|bollinger|trend(?:ing)?|support|resistance|overbought|oversold)\b", rf"\b(?:thinking|considering|tempted|debating|toying)\b.*{SYM}", rf"\bhow is {SYM}(?: doing)?$"),
    *_cues("explain_signal",
        r"^(?:but |and |so |ok |,)*(?:why|how come|what for)\b", r"\bwhy\b", r"\b(?:explain|reason(?:s|ing)?|rationale|justify|justification|evidence|walk me through)\b", r"\bwhat (?:makes you|is (?:behind|driving)|led you|drives|drove|are you basing|is that based|went into|contributed)\b|\bbased on what\b|\bbasis for\b",
        r"\bhow (?:did|do) you (?:get|arrive|come up|figure|know|reach|decide)\b|\bhow (?:sure|confident|certain)\b|\bbreak ?down (?:of )?(?:the |that |your )?(?:confidence|signal|score)|\bshow (?:me )?your work\b|\bconfidence\b"),
    *_cues("compare_history",
        r"\bsignals? .*\b(?:any good|reliable|accurate|trustworthy|worth it)\b",
        r"\b(?:how (?:accurate|reliable|good|often|well)|track record|hit rate|accuracy|success rate|win rate)\b.*\b(?:your|signals?|calls?|recommendations?|setups?|predictions?|strategy|this kind|you)\b", r"\b(?:your|signals?|calls?) .*\b(?:track record|hit rate|accuracy|success rate|performed|panned out|worked out|done|do historically|been right|right)\b",
        r"\b(?:past|previous|old|earlier|prior|historical|similar|last) (?:\w+ ){0,2}(?:signals?|calls?|setups?|recommendations?|patterns?)\b", r"\blast time (?:you|this|the|it|we|there) .*\b(?:signal|said|called|setup|happened|looked|fired|recommended)\b", r"\bhow often (?:are|were|have) (?:you|your|the|this|these)\b",
        r"\bhow (?:did|have|has|does|do) (?:that|this|your|the|these|such) (?:last |past |kind of )?(?:signals?|calls?|recommendations?|setups?|patterns?)\b", r"\b(?:compare|versus) .*\b(?:history|past|historical|previous|earlier) .*(?:signal|call|setup)?|\bhow does (?:this|that|it) compare (?:to|with) (?:history|the past|previous|past)\b|\bbacktest\w*\b|\bhistorically\b.*\bsignal|signal.*\bhistorically\b"),
]  # fmt: skip
_MARKET = [
    *_cues("quote",
        r"\b(?:price|quote|prices|quotes)\b", r"\b(?:trading|going|sitting|standing) (?:at|for)\b", rf"\bhow much (?:is|are|does|for) (?:a share of |one share of |1 share of )?(?:{SYM}|it|that|cost)", rf"\b(?:where|what) (?:is|are|was) (?:{SYM}|it)(?: (?:at|now|trading|right now|today|<win>))*$",
        r"\b(?:bid|ask)\b|\bbid[- /]ask\b", r"\blast (?:trade|price|print)\b", rf"^(?:<win> )?{SYM}(?: and {SYM}| , {SYM}| {SYM})*(?: now| right now| please| today)?$", rf"\bhow is {SYM}(?: doing)?(?: <win>| right now| now| today)?$",
        r"\bhow (?:wide|tight)\b", r"\bspread\b", r"\b(?:current|latest|live) (?:price|quote|level)\b", rf"\bwhat (?:is|are) {SYM}(?: and {SYM})* (?:worth|costing)\b", rf"\bis {SYM} (?:up|down|green|red)\b"),
    *_cues("history_stat",
        rf"{SYM} beta\b|\bbeta$",
        r"\b(?:history|historical|historically|chart|candles|bars|ohlc)\b", r"\bhow (?:did|has|have) \$\S+ (?:do|done|perform|performed|fare|fared|been|go|gone|move|moved)", r"\bwhat did \$\S+ (?:do|return|close|finish)", r"\b(?:high|low|highs|lows|range|volume|volatility|drawdown|momentum|return|returns|moving averages?|sharpe|up days|worst day)\b",
        r"\bhow volatile\b|\baverage volume\b|\b(?:highest|lowest) close\b|\bworst day\b|\bclosing price\b|\bhow (?:much|far) (?:has|did|is|have) (?:\$\S+|it) (?:\w+ )?(?:move|fall|drop|rise|gain|lose|lost|gained|up|down|risen|fallen|changed?|return)", r"\b(?:close|closed|finish|finished|ended|open|opened) .*<win>|<win>.*\b(?:close|closed|price|return|gain|gained|fell|rose|moved?)\b", r"\bcorrelat\w+\b", rf"{SYM}.*<win>|<win>.*{SYM}", r"\b(?:outperform|underperform|beat(?:en|ing)?)\w*\b", r"^(?:the )?(?:close|change|beta)$|\bbeta (?:of|for)\b"),
    *_cues("news_sentiment",
        r"\b(?:news|headlines?|sentiment|press|articles?|stories|buzz|chatter|rumou?rs?|media|mood (?:on|around|about))\b", r"\bwhat (?:is|are) (?:people|everyone|they|analysts|the street|traders|investors|twitter|reddit|markets?) (?:saying|thinking|talking)", rf"\bwhat (?:happened|is happening|is going on|went on|is up|is new) (?:to|with|at|on) {SYM}|\bwhat happened\b|\banything (?:new|happening|going on) (?:on|with|about|at)\b", r"\blatest (?:on|about|from|with)\b", r"\b(?:earnings|announce\w*|catalyst)\b"),
    *_cues("forecast",
        r"\b(?:forecasts?|predict\w*|predictions?|projections?|project|outlook|prognosis)\b", rf"\bwhere (?:is|are|will|do you see) (?:{SYM}|it|this|that|they) (?:go|going|head|headed|heading|be|end|land|in|by|<win>)|\bwhere .*\b(?:going|headed|heading)\b", rf"\bwill (?:{SYM}|it|they|this) \w+", r"\b(?:expect|expected to|likely to|chance|odds|probability|going to (?:go|rise|fall|drop|be|rally|crash))\b", r"\b(?:price target|next (?:week|month|\d+ days|few days|5 days)|by (?:friday|next|year end))\b", r"\bgo (?:up|down|higher|lower)\b|\btomorrow\b"),
    *_cues("regime",
        r"\bregime\b", r"\b(?:bull|bear)(?:ish)? (?:or (?:a )?(?:bull|bear)(?:ish)? )?market\b|\brisk[- ]?(?:on|off)\b|\bmarket (?:conditions?|environment|mood|state|climate|backdrop|phase|look|doing|trend)\b", r"\b(?:how|what) (?:is|are|does) (?:the |this )?(?:overall |general |broad(?:er)? )?(?:markets?|tape)\b", r"\bis (?:the|this) market\b", r"\b(?:trending|choppy|range[- ]?bound|sideways|calm|turbulent|volatile) (?:market|or)\b|\bvix\b|\bkind of market\b|\bthe tape\b"),
    *_cues("option_chain",
        r"\b(?:option )?chains?\b", rf"\b(?:options|calls|puts|strikes|expir(?:ies|ations?)|contracts) (?:for|on|in|of|available|at|expiring|near)\b|{SYM} (?:<exp> )?(?:<strike> )?(?:options|calls|puts|strikes|expir\w+)", r"\bimplied vol(?:atility)?\b|\biv\b|\biv (?:rank|percentile)\b|\b(?:expected|implied) move\b|\bopen interest\b", r"\bwhat (?:strikes|expir\w+|options|calls|puts)\b|\b(?:show|list|see|pull up|price of|cost of) .*\b(?:calls?|puts?|options?|strikes)\b|\bhow much (?:is|are|does|do) .*\b(?:calls?|puts?)\b", r"\b(?:delta|theta|gamma|vega|greeks) (?:of|for|on) (?:the |a )?.*(?:call|put|option|strike)"),
    *_cues("compare_symbols",
        r"\bcompare\b.*\$[A-Z]|\bcompar(?:e|ison|ing)\b", rf"{SYM} (?:versus|against|or|compared to) {SYM}", rf"\b(?:which|who|what)\b.*\b(?:better|worse|stronger|weaker|cheaper|best|riskier|safer|more|did|outperformed|higher|lower|volatile)\b.*{SYM}.*{SYM}", rf"{SYM}.*\b(?:better|worse|stronger|outperform\w*|more \w+|riskier|safer|cheaper)\b.*\bthan\b.*{SYM}|\bdifference between {SYM} and {SYM}", rf"\bcorrelat\w+ .*{SYM}.*{SYM}|{SYM}.*{SYM}.*\bcorrelat\w+|\bhow (?:does|do|did|has) {SYM} (?:stack up|compare|do|measure up|done) .*{SYM}", r"\b(?:side by side|head to head)\b", rf"\bhow (?:are|did|do|have) (?:\w+ ){{0,3}}{SYM} and {SYM}"),
]  # fmt: skip
_PORTFOLIO = [
    *_cues("positions",
        r"\bhow much of my (?:money|portfolio|account|book|capital) is\b",
        r"\b(?:positions?|holdings?)\b", r"\bportfolio\b", r"\bwhat (?:do|am|are) (?:i|we) (?:own|hold|have|holding|owning|in|long|short)\b|\bwhat (?:stocks|shares|names) (?:do|am) i\b", r"\bhow (?:many|much) (?!cash|money|buying|funds|equity)(?:shares |of |stock |<?\$?\S+ )*(?:do|am|did) i (?:have|own|hold|holding|still)\b", r"\b(?:do|am) i (?:own|hold|have|long|short|holding|still)\b", r"\bmy (?:average cost|cost basis|basis|entry|average price|stocks?|shares|book|weights?|allocation|break ?even)\b|\bwhat did i pay\b|\bbreak ?even (?:on|for) my\b", rf"\bhow (?:big|large) is my (?:{SYM}|\w+)\b|\bweight of\b", rf"^my {SYM}$", r"\bwhat (?:is|are) in my (?:account|book|portfolio)\b"),
    *_cues("cash",
        r"\b(?:cash|balance|buying power|dry powder|funds|purchasing power)\b", r"\bhow much (?:money(?! (?:did|have|am|has|had) (?:i|we) (?:made?|make|making|los\w*|earn\w*))|cash|can i spend|do i have|is (?:left )?in my account|have i got|spare|is free|powder)\b", r"\b(?:account|portfolio) (?:value|worth|equity|total|balance|size)\b|\bmy (?:equity|net worth|net liq|account|money|total)\b|\bhow much is my (?:account|portfolio) worth\b|\bnet liq\w*\b|\bwhat am i worth\b|\bafford\b.*\?"),
    *_cues("pnl",
        r"\bpnl\b", r"\b(?:unreali[sz]ed|reali[sz]ed|profits?|gains?|losses|p and l)\b", r"\b(?:am|are) (?:i|we) (?:up|down|making|losing|in the (?:green|red|money|black)|winning|profitable|ahead|behind)\b", r"\bhow much (?:\w+ )?(?:have|did|am|had) (?:i|we) (?:\w+ )?(?:made|make|lost|lose|up|down|earned?|earn|making|losing|gained?|won)\b|\bhow much money (?:did|have|am) i (?:made?|make|making|lost|losing|lose)\b", r"\bhow am i doing\b|\bhow (?:are|is) my (?:\S+ )?(?:positions?|holdings?|portfolio|trades?|shares?|stocks?|book|\$[A-Z]\S*) doing\b", r"\bmy (?:profit|gain|loss|return|day)\b|\bdid i (?:make|lose) money\b|\bmade or lost\b"),
    *_cues("orders",
        r"\b(?:orders?|trade|ticket)\b.*\b(?:rejected|refused|denied|declined|blocked)\b",
        r"\borders?\b", r"\b(?:open|working|pending|live|outstanding|unfilled|resting|active|recent|my|past|filled) orders?\b|\border (?:status|history|book)\b|\bany orders\b", r"\b(?:fills?|filled|executed|execution|executions|go through|gone through|went through)\b", r"\b(?:trades?) (?:today|history|log|blotter|this week|did i|have i|<win>)\b|\bmy (?:recent |last |past )?trades?\b|\bblotter\b|\btrade history\b", r"\bwhat (?:is|have i got) (?:still )?(?:working|pending|outstanding)\b|\bwhat (?:did|have) i (?:buy|bought|sell|sold|traded?)\b"),
    *_cues("performance",
        r"\b(?:drawdown|sharpe|win rate|returns?|hit rate) (?:on|of|for|in) my (?:account|portfolio|trading|trades|book)\b",
        r"\bperformance\b(?! of \$)", r"\bhow (?:did|have|has) (?:i|we|my (?:account|portfolio|trades|trading|book)) (?:do|done|did|been (?:doing|trading|performing)|perform|performed|fare|fared|trade|traded)\b", r"\bmy (?:track record|win rate|sharpe|hit rate|stats|performance|results|returns?|drawdown|average (?:win|loss)|scorecard)\b|\b(?:win rate|hit rate|sharpe|profit factor)\b.*\b(?:my|i)\b", r"\bmy trading\b", r"\b(?:track record|win rate|report card|equity curve|best trade|worst trade|average win|average loss)\b", r"\b(?:am|was) i (?:beating|any good|a good trader|better than|outperforming)\b|\bhave i (?:beaten|beat)\b|\bhow good (?:am|was) i\b|\bdid i beat\b"),
    *_cues("sync",
        r"\b(?:sync\w*|synchroni[sz]e|reconcile|resync)\b", r"\b(?:refresh|update|reload|import|pull in) (?:my |the )?(?:account|positions?|portfolio|holdings|trades|book|books|orders|balances?)\b", r"\b(?:does not|do not|did not) match\b|\bout of (?:date|sync)\b|\bstale positions\b|\b(?:broker|account) (?:shows|says) .*\bdifferent\b"),
]  # fmt: skip
_RISK = [
    *_cues("portfolio_risk",
        r"\bsectors?\b",
        r"\b(?:risk|risks|risky|riskiest|exposure|exposed)\b", rf"\b{_MINE}\b.*\b(?:risk|risks|risky|exposure|exposed|beta|var|value at risk|concentrat\w+|diversif\w+|greeks|delta|theta|vega|gamma|margin|sectors?|volatility|leverage|leveraged|correlated)\b", r"\b(?:var|value[- ]at[- ]risk|cvar|expected shortfall|concentrat\w+|diversif\w+|hedged?|net delta|sector exposure|risk contribution|portfolio (?:beta|risk|volatility|var|greeks|delta|theta)|margin(?: (?:used|usage|requirement))?)\b", r"\b(?:too (?:much|heavy|concentrated|exposed)|all my eggs|overexposed|leverage)\b", r"\bmost i (?:can|could) lose\b|\bwhat could i lose\b|\bhow much (?:could|can|might) i lose\b|\bhow safe\b|\bcoming from\b.*risk"),
    *_cues("limits",
        r"\blimits?\b(?! (?:order|price|buy|sell|at|<))", r"\b(?:position|loss|risk|trading|order|exposure|size) (?:limit|cap|ceiling|rule)s?\b", r"\b(?:what is|how (?:much|big|large|many)|max(?:imum)?|biggest|largest) .*\b(?:allowed|permitted|can i (?:buy|trade|put|still|hold|short|lose)|may i|position size|i can (?:buy|trade|hold))\b", r"\b(?:am i (?:allowed|permitted|near|close|over|within|under)|headroom|guard ?rails|risk rules|how (?:close|near) am i|how much room)\b|\bmax(?:imum)? (?:position|order|trade|loss)\b"),
    *_cues("stress",
        r"\bstress\b|\bscenarios?\b|\bshocks?\b|\bblack swan\b|\bworst[- ]case\b|\bcrash(?:es|ed)?\b|\bmeltdown\b", rf"\b(?:if|what if|suppose|say|happens? (?:if|when)|when)\b.*(?:\b(?:market|markets|s&p|rates?|vix|volatility|vol|oil|tech|everything|it|index|nasdaq)\b|{SYM}) (?:\w+ ){{0,2}}(?:crash\w*|drop\w*|fall\w*|tank\w*|dump\w*|ris\w+|rall\w+|go(?:es)?|spike\w*|double\w*|move\w*|gap\w*|lose\w*|los(?:e|es)|collapse\w*|correct\w*|jump\w*|decline\w*|halve\w*|is|was|were|opens?|plunge\w*|climb\w*)", r"\b(?:2008|lehman|covid|dot[- ]?com|black monday|financial crisis|recession|march 2020)\b.*\b(?:again|repeat\w*|hit|happen\w*|like|replay|my)\b", r"\b(?:market|markets|{SYM}) (?:crash|correction|selloff|sell-off|drop|fall)\b|\b(?:down|drop|fall|crash) (?:of )?<?\d*%"),
]  # fmt: skip
_GENERAL = [
    *_cues("help",
        r"^(?:help|commands|menu|options\?|usage|instructions)\b(?! me (?:buy|sell|short|close))", r"\bwhat (?:can|do|else can|all can) you (?:do|help|offer|understand|know)\b|\bhow (?:do|does|can|should) (?:i|you|this|one|we|it|deskmate) (?:use|work|get started|start|begin)\b|\bwhat (?:are you|is this|are your (?:features|capabilities|commands))\b|\bwhat can i (?:ask|say|type|do)\b|\bget(?:ting)? started\b|\bneed help\b|\bhelp me$|\bwho are you\b", r"\bwhat (?:is|are) (?:an? )(?!.*\$[A-Z])(?!.*\bmy\b)(?!good\b|best\b)[a-z\- ]+$",
        r"\bhow (?:does|do) (?:an? |the )?(?!\$|it look|i look)[a-z&\- ]*?(?:<\w+> ?)*(?:orders?|work|spreads?|condors?|straddles?|calls?|puts?|stops?|options?|margin|sizing|shorting|ratio|signals?)\b.*\bwork|\bhow (?:does|do) .*\bwork(?:s)?$", r"\bhow (?:is|are) .*\b(?:calculated|computed|measured|defined|determined)\b", r"\bwhat (?:does|do) .*\b(?:mean|stand for)\b|\b(?:define|definition of|meaning of|teach me|difference between (?!\$))\b|\bexplain (?:what|how) (?!\$|my|your|you|it|this)|\bexplain (?:an? )", r"\bhow (?:do|can|would|should) i (?:place|buy|sell|short|cancel|trade|set|change|switch|enter|open|make|read|close|go live)\b", r"^what (?:is|are) (?:the )?(?:<strategy>|greeks|beta|sharpe(?: ratio)?|theta|delta|gamma|vega|var|value at risk|rsi|macd|drawdown|slippage|short(?:ing| selling)|margin|leverage|implied volatility|iv rank|iv|options?|an option|moving average|gtc|<tif>|dollar cost averaging|open interest|diversification|momentum)(?: ratio)?$"),
    *_cues("health",
        r"\b(?:system|server|feed|data|broker|connection|model|bot|service|engine|everything) (?:status|health|ok|okay|up|down|working|running|connected|online|alive|live|lagging|fresh|stale)\b|\bhealth(?:y| ?check)?\b", r"\b(?:is|are) (?:the |your |my )?(?:system|server|data|feed|feeds|broker|connection|api|model|models|everything|services?|ibkr|you|it all|market data|prices?)\b.* (?:up|down|ok|okay|working|running|connected|online|alive|healthy|live|delayed|current|fresh|stale|real[- ]time|broken|lagging|all right|fine)\b", r"\b(?:status|diagnostics?|ping|uptime|latency|doctor)\b(?! of (?:my|the) order)|^(?:are )?you (?:there|up|alive)\b|\bare you (?:there|ok|okay|alive|awake|working)\b|\bhow (?:fresh|old|current|delayed) (?:is|are) (?:the|your) (?:data|prices?|quotes?)\b|\bwhich (?:model|engine)\b|\bwhat model\b"),
    *_cues("greeting",
        r"^(?:hi|hello|hey|yo|sup|howdy|greetings|good (?:morning|afternoon|evening|day|night)|morning|evening|hiya|hola|bonjour|hallo|ciao|gm|thanks|thank you|cheers|bye|goodbye|see you|cya|good ?night|nice to meet you|welcome back|much appreciated|appreciate it|great job|nice one|well done|what is up|what up)\b", r"^(?:hi|hello|hey)?[ ,]*how are you(?: doing)?(?: today| <win>)?$|\bhow is it going\b"),
    *_cues("preferences",
        r"\b(?:preferences?|settings?|my defaults?|configure|configuration|personali[sz]e)\b", r"\b(?:be|go|become|make (?:me|it|yourself)|set .*(?:to|as)|i am|i want to be|switch to|more|less) (?:a )?(?:more |less |very )?(?:conservative|aggressive|moderate|cautious|careful|risk[- ]averse|balanced|brief|concise|verbose|detailed|terse)\b", r"\balways (?:use|show|ask|tell|give|include)\b|\brisk (?:appetite|tolerance|profile|level|setting)\b", r"\b(?:i (?:prefer|like (?!\$)|hate|always|never|only|usually) |from now on|remember (?:that|to|my|i)|call me|my name is|never (?:show|trade|buy|suggest)|default (?:size|order|quantity|account|to)|stop (?:showing|sending|notifying)|notify me|alert me|remind me|send me|(?:shorter|longer|short|brief|long) (?:answers|replies)|speak|answer in|talk to me in|in (?:english|spanish|french|german)|dark mode|mute|unmute|turn (?:on|off))\b"),
    *_cues("off_topic",
        r"\b(?:weather|joke|recipe|poem|song|movie|football|soccer|game of|president|capital of|sing|pizza|dinner|lunch|girlfriend|boyfriend|wife|dog|cat videos|homework|translate|story|horoscope|election|meaning of life|restaurant|vacation|flight|python|code|email|essay|married|birthday|lottery|world cup|super bowl|how old|bitcoin mining|favou?rite colou?r|system prompt|ignore (?:all|previous|your))\b"),
]  # fmt: skip
_TRADE = [
    *_cues("change_mode",
        r"\b(?:switch|go|change|move|set|put|flip|turn|toggle|return|get|use|enable|activate|start)\b (?:\w+ ){0,5}?(?:live|paper|virtual|simulat\w+|sandbox|demo|practice|sim|real money)\b(?! (?:price|quote|data|chart))(?! (?:account )?(?:balance|cash|positions))", r"\b(?:live|paper|virtual|simulated|demo|practice|real|paper[- ]first|sim) (?:mode|trading)\b", r"\b(?:trade|trading) (?:in |on |with )?(?:live|paper|virtual|real money|for real|the simulator)\b|^(?:live|paper|virtual)(?: mode)?(?: please)?$", r"\btrading mode\b|\bchange mode\b|\bpaper[- ]first\b"),
    *_cues("cancel_order",
        r"\b(?:cancel|scrap|kill|withdraw|pull|delete|remove|void|abort|scratch|revoke|rescind|drop|ditch|discard|bin|forget|get rid of|throw out|stop)\b (?:\w+ |\$\S+ |<\w+> |\d+ |#)*?(?:orders?|tickets?|trade|proposal|bid|offer)\b", r"\bcancel\b(?!led)", r"^(?:please |ok |no |,)*(?:never ?mind|forget (?:it|that|about it)|scrap (?:it|that)|kill (?:it|that)|drop (?:it|that)|abort|scratch that|leave it|not anymore|i changed my mind|changed my mind|call it off|skip it)\b"),
]  # fmt: skip
ALL_CUES: tuple[Cue, ...] = tuple(_SIGNALS + _MARKET + _PORTFOLIO + _RISK + _GENERAL + _TRADE)
