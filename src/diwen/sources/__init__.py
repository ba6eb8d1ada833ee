"""The ground and its neighbours as heat sources: physics on plain arrays, no files, no site.

Sign convention of the whole room: heat *extraction* from the ground is positive, injection is
negative, and a temperature response is a drop below the undisturbed temperature. Units: m, s, W,
K, °C, kg/s, W/(m·K), J/(m³·K), m²/s; angles in rad.

Rooms: :mod:`.borefield` (fields and their g-functions), :mod:`~diwen.sources.borehole` (inside one
borehole), :mod:`~diwen.sources.ground` (between and below), :mod:`~diwen.sources.response` (time:
modes, hours, and the one shape every source takes), :mod:`~diwen.sources.response_test` (thermal
response tests); :mod:`~diwen.sources.aquifer` (water in the ground),
:mod:`~diwen.sources.circulation_well` (one well that returns its water),
:mod:`~diwen.sources.well_field` (several wells), :mod:`~diwen.sources.pumping_test`,
:mod:`~diwen.sources.open_water`. Each opens its door on demand, so that reading a site file does
not load the numerics.
"""
