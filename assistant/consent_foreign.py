# ruff: noqa: E501  (a table reads better whole)
"""Yes and no in seven more languages: whole phrases, and the single word that may open a reply."""

from __future__ import annotations

import re
import unicodedata

FOREIGN_YES = frozenset(
    ["sí", "si", "sí confirmo", "si confirmo", "confirmo", "confirmar", "de acuerdo", "vale", "adelante", "claro", "claro que sí", "hazlo", "sí por favor", "si por favor", "sí adelante", "dale", "ja", "jawohl", "ja bitte", "bestätigen", "bestätigt", "ich bestätige", "ja bestätigen", "einverstanden", "ausführen", "ja ausführen", "klar", "in ordnung", "ja gerne", "mach das", "los", "oui", "oui s'il vous plaît", "oui s'il te plaît", "d'accord", "je confirme", "oui je confirme", "confirmer", "confirme", "vas-y", "allez-y", "bien sûr", "oui vas-y", "oui allez-y", "oui merci", "sim", "sim por favor", "eu confirmo", "sim confirmo", "pode fazer", "pode enviar", "faça isso", "está bem", "com certeza", "tudo bem", "sim pode", "sì", "sì confermo", "si confermo", "confermo", "conferma", "va bene", "d'accordo", "certo", "procedi", "sì procedi", "sì grazie", "ok va bene", "esegui", "是", "是的", "好", "好的", "可以", "确认", "確認", "是的 确认", "确定", "同意", "行", "对", "没问题", "下单", "执行", "好 确认", "是 确认", "はい", "確認します", "お願いします", "はい お願いします", "はいお願いします", "確認", "承認", "承認します", "実行", "実行してください", "はい 確認します", "了解です", "オーケー", "ok です", "注文してください", "うん"]
)  # fmt: skip
FOREIGN_NO = frozenset(
    ["no gracias", "cancela", "cancelar", "cancélalo", "mejor no", "para nada", "olvídalo", "nein", "nein danke", "abbrechen", "stornieren", "nicht", "lieber nicht", "auf keinen fall", "nö", "ne", "nee", "non", "non merci", "annuler", "annule", "annulez", "surtout pas", "laisse tomber", "pas question", "j'annule", "não", "nao", "não obrigado", "não obrigada", "cancele", "de jeito nenhum", "esquece", "deixa pra lá", "no grazie", "annulla", "cancella", "lascia stare", "meglio di no", "lascia perdere", "不", "不要", "取消", "不是", "不行", "否", "不用", "算了", "不 取消", "别", "不好", "不同意", "拒绝", "いいえ", "やめて", "キャンセル", "キャンセルします", "取り消し", "やめます", "中止", "いや", "やめてください", "結構です", "キャンセルしてください"]
)  # fmt: skip

_OPENING = re.compile(
    r"(?P<yes>(?:sí|si|ja|oui|sì|vale|dale|claro|はい|是的|好的)(?:\s*[,.!、，]|\s(?=.*\d))|sim[,.!])[\s,.!、，]*(?P<rest>\S.*)",
    re.DOTALL | re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\s.!,。！，、¡]+")


def foreign(reply: str) -> str:
    """ "yes" or "no" where the whole reply, or every part between its commas, is one; else ""."""
    text = unicodedata.normalize("NFC", reply).lower()
    if len(parts := [" ".join(part.split()) for part in re.split(r"[.!,。！，、¡]+", text) if part.strip()]) > len(
        set(parts)
    ):
        return ""  # "ja, ja" sneers, "ja! ja!" laughs
    whole = _BETWEEN.sub(" ", text).strip()
    if whole in FOREIGN_YES or (parts and all(part in FOREIGN_YES for part in parts)):
        return "yes"
    return "no" if whole in FOREIGN_NO or (parts and all(part in FOREIGN_NO for part in parts)) else ""


def in_english(reply: str) -> str:
    """The reply with a foreign yes at its start put into English: "sí, K7Q2" is "yes, K7Q2". The rest is left as it is."""
    match = _OPENING.fullmatch(unicodedata.normalize("NFC", reply).strip())
    return reply if match is None else f"yes, {match['rest']}"
