using Realtime.Engine.Numerics;

namespace Realtime.Tests.Simulation;

public class PortableMathTests
{
    [Fact]
    public void Functions_agree_with_the_platforms_own()
    {
        var random = new PortableRandom(7, 1);
        for (var i = 0; i < 20_000; i++)
        {
            var x = random.Uniform(-60, 60);
            AssertClose(Math.Exp(x), PortableMath.Exp(x));
            AssertClose(Math.Log(Math.Exp(x)), PortableMath.Log(Math.Exp(x)), 1e-15);
            Assert.Equal(Math.Sin(x), PortableMath.Sin(x), 1e-14);
            Assert.Equal(Math.Cos(x), PortableMath.Cos(x), 1e-14);
        }
    }

    [Fact]
    public void Ends_of_the_range_stay_finite()
    {
        Assert.Equal(0, PortableMath.Exp(-1000));
        Assert.True(double.IsFinite(PortableMath.Exp(1000)));
        Assert.Equal(1, PortableMath.Exp(0));
        Assert.Equal(0, PortableMath.Log(1));
        Assert.Equal(1, PortableMath.Cos(0));
    }

    private static void AssertClose(double expected, double actual, double floor = 0) =>
        Assert.InRange(actual, expected - Math.Abs(expected) * 4e-15 - floor, expected + Math.Abs(expected) * 4e-15 + floor);
}
