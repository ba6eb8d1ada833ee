"""Compiled tracing of water through rings: exact within each cell for flows linear across it.

Imported only inside the functions that need it.
"""

from __future__ import annotations

import numpy as np

from diwen.compiled import compiled

ARRIVED, LEFT, UNDERWAY = 0, 1, 2


@compiled(error_model="numpy", inline="always")
def crossing(place, low, high):  # type: ignore[no-untyped-def]
    """Time over the content of the cell until a face is reached, and at which end.

    The flow changes linearly from ``low`` at place 0 to ``high`` at place 1 (Pollock 1988).

    Returns
    -------
    time : 1/(m³/s); infinite where no face is reached
    end : 0 or 1
    """
    slope = high - low
    here = low + slope * place
    if here > 0.0 and high > 0.0:
        if abs(slope) < 1e-9 * here:
            return (1.0 - place) / here, 1
        return np.log(high / here) / slope, 1
    if here < 0.0 and low < 0.0:
        if abs(slope) < -1e-9 * here:
            return place / -here, 0
        return np.log(low / here) / slope, 0
    return np.inf, 0


@compiled(error_model="numpy", inline="always")
def moved(place, low, high, time):  # type: ignore[no-untyped-def]
    """Place in the cell after a time, 0 to 1."""
    slope = high - low
    here = low + slope * place
    if abs(slope * time) < 1e-9:
        after = place + here * time
    else:
        after = place + here * np.expm1(slope * time) / slope
    return min(max(after, 0.0), 1.0)


@compiled(error_model="numpy")
def trace(  # type: ignore[no-untyped-def]
    radial, vertical, radius_edges, depth_edges, content, rows, places, most,
    volume, length, radius, last_row, fate,
):  # fmt: skip
    """Paths from the inner edge until they leave, with the volume pumped meanwhile.

    Parameters
    ----------
    radial, vertical : flows through the faces for one m³/s, shape (nz, nr + 1), (nz + 1, nr)
    radius_edges, depth_edges : m, shape (nr + 1,), (nz + 1,)
    content : heat capacity of each cell over that of a m³ of water, m³, shape (nz, nr)
    rows, places : where the paths begin: row, and place in it (0 top, 1 bottom), shape (np,)
    most : volume at which a path is given up, m³
    volume, length, radius : pumped volume (m³), length and largest radius (m) of each path, written
    last_row, fate : row of the last cell; arrived at the inner edge, left at the outer one, or
        underway; written
    """
    nr = content.shape[1]
    for number in range(rows.shape[0]):
        i, j = rows[number], 0
        across, along = 0.0, places[number]
        r = radius_edges[0]
        z = depth_edges[i] + along * (depth_edges[i + 1] - depth_edges[i])
        volume[number], length[number], radius[number] = 0.0, 0.0, r
        fate[number] = UNDERWAY
        for _ in range(100 * (content.shape[0] + nr)):
            out_r, end_r = crossing(across, radial[i, j], radial[i, j + 1])
            out_z, end_z = crossing(along, vertical[i, j], vertical[i + 1, j])
            time = min(out_r, out_z)
            if not np.isfinite(time) or volume[number] > most:
                break
            volume[number] += time * content[i, j]
            new_across = moved(across, radial[i, j], radial[i, j + 1], time)
            new_along = moved(along, vertical[i, j], vertical[i + 1, j], time)
            across = float(end_r) if out_r <= out_z else new_across
            along = float(end_z) if out_z < out_r else new_along
            inner = radius_edges[j] ** 2
            new_r = np.sqrt(inner + across * (radius_edges[j + 1] ** 2 - inner))
            new_z = depth_edges[i] + along * (depth_edges[i + 1] - depth_edges[i])
            length[number] += np.hypot(new_r - r, new_z - z)
            r, z = new_r, new_z
            radius[number] = max(radius[number], r)
            if out_r <= out_z:
                if end_r == 0 and j == 0:
                    fate[number] = ARRIVED
                    break
                if end_r == 1 and j == nr - 1:
                    fate[number] = LEFT
                    break
                j += 1 if end_r == 1 else -1
                across = 1.0 - across
            else:
                i += 1 if end_z == 1 else -1
                along = 1.0 - along
        last_row[number] = i
