"""
Whether people are told, once and in order, whatever befalls the daemon and those whom it tells: lives by chance.

``python -m tests.delivery --seed N`` lives one of them again. In each, a target fails and recovers by a script
(``target``), daemons watch it (``zygote``, ``daemons``) and are killed, PagerDuty and a webhook answer, fail, hang and
refuse (``receivers``), all as drawn from the seed (``plan``, ``draw``). Then all is well for a while, and what the
target answered (``truth``), what the receivers were told and what the store holds are compared (``verdict``).

What a seed cannot fix is the time that the machine takes: which of two things comes first may differ when they come at
nearly the same moment. A daemon's waits are shortened, and nothing else of it is changed.
"""
