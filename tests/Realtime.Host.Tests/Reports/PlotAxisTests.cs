using Realtime.Host.Reports;

namespace Realtime.Host.Tests.Reports;

public sealed class PlotAxisTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(-17.3, 22.9)]
    [InlineData(5, 5)]
    [InlineData(0, 0)]
    [InlineData(1e-12, 3e-12)]
    [InlineData(-1e12, 1e12)]
    [InlineData(1e8, 1e8 + 1)]
    [InlineData(double.NaN, double.NaN)]
    public void Linear_axis_covers_its_values_with_a_readable_number_of_distinct_labels(double min, double max)
    {
        var axis = PlotAxis.Linear("x", min, max);
        Assert.InRange(axis.Labels.Count, 2, 14);
        Assert.Equal(axis.Labels.Count, axis.Labels.Select(label => label.Label).Distinct().Count());
        Assert.True(axis.Max > axis.Min);
        if (double.IsNaN(min)) return;
        Assert.True(axis.Min <= min && axis.Max >= max);
        Assert.InRange(axis.Place((min + max) / 2), 0, 1);
    }

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(3, 4)]
    [InlineData(12, 480_000)]
    [InlineData(0, 0)]
    [InlineData(1e-3, 1e9)]
    [InlineData(double.NaN, double.NaN)]
    public void Logarithmic_axis_covers_its_values(double min, double max)
    {
        var axis = PlotAxis.Logarithmic("x", min, max, ReportText.Three);
        Assert.InRange(axis.Labels.Count, 2, 16);
        if (min > 0) Assert.True(axis.Min <= min * 1.0001 && axis.Max >= max * 0.9999);
        Assert.Equal(0, axis.Place(0));
        Assert.Equal(1, axis.Place(double.PositiveInfinity));
    }

    [Theory]
    [InlineData(0.0004, "0.4 ns")]
    [InlineData(12.34, "12.3 µs")]
    [InlineData(999.7, "1 ms")]
    [InlineData(2_500_000, "2.5 s")]
    [InlineData(double.NaN, "–")]
    public void Times_are_written_with_their_unit(double microseconds, string text) =>
        Assert.Equal(text, ReportText.Time(microseconds).Replace('\u00A0', ' '));
}
