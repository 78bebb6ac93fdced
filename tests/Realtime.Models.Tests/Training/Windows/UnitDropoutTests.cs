using Realtime.Engine.Numerics;
using Realtime.Models.Training;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Tests.Training.Windows;

public sealed class UnitDropoutTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_numbers_kept_follow_the_triangle(bool upstream)
    {
        var dropout = new UnitDropout { Min = 30, Mode = 100, Max = 300, Upstream = upstream };
        var random = new PortableRandom(5, 1);
        var counts = new double[301];
        const int draws = 200_000;
        for (var i = 0; i < draws; i++) counts[dropout.Draw(10_000, random)]++;

        // Expected: the acceptance, integrated over each whole number. Upstream's further random number v gives P(u <= f / 10 v) = f / 10 (1 + ln(10 / f)).
        var expected = new double[301];
        for (var k = 30; k < 300; k++) expected[k] = Acceptance(k + 0.5);
        var total = expected.Sum();
        double square = 0;
        for (var bin = 30; bin < 300; bin += 10)
        {
            var (seen, due) = (counts.Skip(bin).Take(10).Sum(), draws * expected.Skip(bin).Take(10).Sum() / total);
            square += (seen - due) * (seen - due) / due;
        }

        // 26 degrees of freedom: 99.99 % lie below 62.
        Assert.InRange(square, 0, 62);

        double Acceptance(double x)
        {
            var f = x <= 100 ? 1 + 3 * (x - 30) / 70 : 4 - 3 * (x - 100) / 200;
            return upstream ? f / 10 * (1 + Math.Log(10 / f)) : f;
        }
    }

    [Fact]
    public void Fewer_units_than_the_least_are_all_kept_and_never_more_than_there_are()
    {
        var dropout = new UnitDropout { Min = 30, Mode = 100, Max = 300 };
        var random = new PortableRandom(1, 1);
        for (var i = 0; i < 1000; i++)
        {
            Assert.Equal(29, dropout.Draw(29, random));
            Assert.InRange(dropout.Draw(40, random), 30, 40);
        }
    }

    [Fact]
    public void Numbers_out_of_order_are_refused() => Assert.Contains("unit_dropout", Assert.Throws<TrainingException>(() => TrainingSessions.From(
        [new SmallSession().Make()], new WindowOptions { UnitDropout = new UnitDropout { Min = 5, Mode = 4, Max = 9 } })).Message);
}
