using System.Text;
using Realtime.Acquisition.OpenEphys;
using Realtime.Engine.Sessions;
using Realtime.Tests;

namespace Realtime.Acquisition.Tests.OpenEphys;

public class UnitMapTests
{
    private static readonly UnitTable Table = UnitTable.Numbered(200);

    [Fact]
    public void Every_unit_of_the_table_has_its_row()
    {
        var map = new UnitMap(Table);
        for (var row = 0; row < Table.Count; row++) Assert.Equal(row, Row(map, "probe", $"Electrode {row + 1}", 1));
        Assert.Equal(-1, Row(map, "probe", "Electrode 1", 2));
        Assert.Equal(-1, Row(map, "probe", "Electrode 201", 1));
        Assert.Equal(-1, Row(map, "prob", "eElectrode 1", 1));
    }

    [Fact]
    public void Another_stream_is_unknown_unless_streams_are_not_matched()
    {
        Assert.Equal(-1, Row(new UnitMap(Table), "Probe-A", "Electrode 3", 1));
        Assert.Equal(2, Row(new UnitMap(Table, new UnitMapOptions { MatchStream = false }), "Probe-A", "Electrode 3", 1));
    }

    [Fact]
    public void A_table_of_two_streams_cannot_ignore_their_names()
    {
        var table = new UnitTable([new UnitId("A", "E", 1), new UnitId("B", "E", 1)]);
        var error = Assert.Throws<ArgumentException>(() => new UnitMap(table, new UnitMapOptions { MatchStream = false }));
        Assert.Contains("A, B", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_alias_takes_the_place_of_the_models_stream_name()
    {
        var map = new UnitMap(Table, new UnitMapOptions { Aliases = [new StreamAlias("Probe-A", "probe")] });
        Assert.Equal(4, Row(map, "Probe-A", "Electrode 5", 1));
        Assert.Equal(-1, Row(map, "probe", "Electrode 5", 1));
        var error = Assert.Throws<ArgumentException>(() => new UnitMap(Table,
            new UnitMapOptions { Aliases = [new StreamAlias("Probe-A", "prob")] }));
        Assert.Contains("its streams are probe", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_streams_may_swap_names()
    {
        var table = new UnitTable([new UnitId("A", "E", 1), new UnitId("B", "E", 1)]);
        var map = new UnitMap(table, new UnitMapOptions { Aliases = [new StreamAlias("A", "B"), new StreamAlias("B", "A")] });
        Assert.Equal((1, 0), (Row(map, "A", "E", 1), Row(map, "B", "E", 1)));
    }

    [Fact]
    public void Bindings_go_before_the_tables_names()
    {
        var map = new UnitMap(Table, new UnitMapOptions
        {
            Bindings = [new UnitBinding(new UnitId("probe", "Electrode 1", 1), Table[7]),
                new UnitBinding(new UnitId("p", "Ä", 3), Table[0])],
        });
        Assert.Equal(7, Row(map, "probe", "Electrode 1", 1));
        Assert.Equal(0, Row(map, "p", "Ä", 3));
    }

    [Fact]
    public void A_binding_to_nowhere_names_the_nearest_unit()
    {
        var wrong = new UnitBinding(new UnitId("x", "y", 1), new UnitId("probe", "electrode 17", 2));
        var error = Assert.Throws<ArgumentException>(() => new UnitMap(Table, new UnitMapOptions { Bindings = [wrong] }));
        Assert.Contains("the nearest is probe/Electrode 17#1", error.Message, StringComparison.Ordinal);
        var twice = new UnitBinding(new UnitId("x", "y", 1), Table[0]);
        Assert.Throws<ArgumentException>(() => new UnitMap(Table, new UnitMapOptions { Bindings = [twice, twice] }));
    }

    [Fact]
    public void Unknown_units_are_counted_by_name_in_a_bounded_table()
    {
        var unknown = new UnknownUnits();
        for (var spike = 0; spike < 1234; spike++) unknown.CountSpike("probe"u8, "Electrode 7"u8, 2);
        for (var unit = 0; unit < 10_000; unit++) unknown.CountSpike("probe"u8, "E"u8, unit);
        for (var unit = 0; unit < 10; unit++) unknown.CountSpike("probe"u8, "E"u8, unit);
        Assert.Equal(UnknownUnits.Capacity, unknown.Count);
        Assert.Equal(10_000 - (UnknownUnits.Capacity - 1), unknown.Others);
        var list = unknown.List();
        Assert.Equal("probe/Electrode 7#2 x1234", list[0].ToString());
        Assert.Equal(1234 + 10_000 + 10, list.Sum(unit => unit.Spikes) + unknown.Others);
    }

    [Fact]
    public void Looking_up_and_counting_allocate_nothing()
    {
        var map = new UnitMap(Table);
        var unknown = new UnknownUnits();
        Assert.Equal(0, AllocationGate.LeastBytes(() =>
        {
            for (var round = 0; round < 10_000; round++)
            {
                map.TryGetRow("probe"u8, "Electrode 77"u8, 1, out _);
                map.TryGetRow("probe"u8, "Electrode 77"u8, round, out _);
                unknown.CountSpike("probe"u8, "Electrode 77"u8, round);
            }
        }));
    }

    private static int Row(UnitMap map, string stream, string electrode, int sortedId)
    {
        var known = map.TryGetRow(Encoding.UTF8.GetBytes(stream), Encoding.UTF8.GetBytes(electrode), sortedId, out var row);
        Assert.Equal(known, row >= 0);
        return row;
    }
}
