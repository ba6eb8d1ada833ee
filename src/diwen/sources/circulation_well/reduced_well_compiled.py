"""Compiled march of the modes of a well: one small matrix per flow, one product per step.

Imported only inside the functions that need it.
"""

from __future__ import annotations

from diwen.compiled import compiled

_SAFE = {"reassoc", "contract", "nsz", "arcp"}


@compiled(fastmath=_SAFE, error_model="numpy")
def march(  # type: ignore[no-untyped-def]
    level, flows, inverse, gain, drift, answer, drop, given, closed, extraction,
    content, conducted, carried, inflow, state, coming, back, stored, entering,
):  # fmt: skip
    """Water and heat, step by step, each by backward Euler with the tie of the load inside.

    Parameters
    ----------
    level : number of the flow of each step, shape (nt,)
    flows : m³/s, shape (nl,); 0 is rest
    inverse : of ``1 - step (conduction + flow advection)``, shape (nl, m, m)
    gain : answer of the modes to returned water 1 K above the reference, shape (nl, m)
    drift : of the modes by the natural profile in one step, shape (nl, m)
    answer : of the water taken from the ground to the same, shape (nl,)
    drop : load over what the water of the formation carries, K, shape (nt,)
    given : temperature of the return above the reference, K, shape (nt,)
    closed : whether the return follows from the drop, or is given
    extraction, content : weights of the modes in the water taken and in the heat stored, shape (m,)
    conducted, carried : weights of the modes in the heat lost at the outer edge, by conduction,
        and by water (per m³/s), shape (m,)
    inflow : heat that water of the natural profile brings through the outer edge, W per m³/s
    state : of the modes, shape (m,); changed in place
    coming, back : water taken and returned above the reference, K, shape (nt,); written
    stored, entering : heat in the ground (J) and through the outer edge (W), shape (nt,); written
    """
    modes = state.shape[0]
    before = state.copy()
    for n in range(level.shape[0]):
        at = level[n]
        flow = flows[at]
        matrix = inverse[at]
        taken = 0.0
        for i in range(modes):
            total = drift[at, i]
            for j in range(modes):
                total += matrix[i, j] * before[j]
            state[i] = total
            taken += extraction[i] * total
        returned = taken
        if flow > 0.0:
            returned = (taken - drop[n]) / (1.0 - answer[at]) if closed else given[n]
            for i in range(modes):
                state[i] += gain[at, i] * returned
            taken += answer[at] * returned
        heat = 0.0
        lost = 0.0
        for i in range(modes):
            heat += content[i] * state[i]
            lost += (conducted[i] + flow * carried[i]) * state[i]
            before[i] = state[i]
        coming[n] = taken
        back[n] = returned
        stored[n] = heat
        entering[n] = flow * inflow - lost
