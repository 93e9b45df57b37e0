"""ElevenLabs' codes of languages. Source: its model pages, read in June 2026."""

from __future__ import annotations

# BCP 47 primary tag : ISO 639-3. On the wire goes the tag; batch answers and some frames name the longer code.
_LANGUAGES = """
af:afr am:amh ar:ara as:asm ast:ast az:aze be:bel bg:bul bn:ben bs:bos ca:cat ceb:ceb cs:ces cy:cym da:dan de:deu
el:ell en:eng es:spa et:est fa:fas ff:ful fi:fin fil:fil fr:fra ga:gle gl:glg gu:guj ha:hau he:heb hi:hin hr:hrv
hu:hun hy:hye id:ind ig:ibo is:isl it:ita ja:jpn jv:jav ka:kat kea:kea kk:kaz km:khm kn:kan ko:kor ku:kur ky:kir
lb:ltz lg:lug ln:lin lo:lao lt:lit luo:luo lv:lav mi:mri mk:mkd ml:mal mn:mon mr:mar ms:msa mt:mlt my:mya ne:nep
nl:nld no:nor nso:nso ny:nya oc:oci or:ori pa:pan pl:pol ps:pus pt:por ro:ron ru:rus sd:snd sk:slk sl:slv sn:sna
so:som sr:srp sv:swe sw:swa ta:tam te:tel tg:tgk th:tha tr:tur uk:ukr umb:umb ur:urd uz:uzb vi:vie wo:wol xh:xho
yue:yue zh:zho zu:zul
"""
ISO_639_3 = {long: tag for tag, _, long in (pair.partition(":") for pair in _LANGUAGES.split())}
"""Three-letter code to BCP 47 tag."""

VENDOR_CODES = {tag: tag for tag in ISO_639_3.values()} | {
    # other names of the same languages in BCP 47
    "nb": "no",
    "nn": "no",
    "tl": "fil",
    "iw": "he",
    "in": "id",
    "cmn": "zh",
}
