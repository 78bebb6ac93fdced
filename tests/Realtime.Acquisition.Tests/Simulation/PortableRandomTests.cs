using Realtime.Engine.Numerics;

namespace Realtime.Tests.Simulation;

public class PortableRandomTests
{
    [Fact]
    public void The_sequence_is_that_of_the_published_generator()
    {
        // First outputs of the authors' xoshiro256starstar.c from the state 1, 2, 3, 4.
        var random = new PortableRandom(1, 2, 3, 4);
        ulong[] expected = [11520, 0, 1509978240, 1215971899390074240, 1216172134540287360, 607988272756665600];
        Assert.Equal(expected, expected.Select(_ => random.NextUInt64()).ToArray());
    }

    [Fact]
    public void Draws_have_the_moments_of_their_distributions()
    {
        var random = new PortableRandom(11, 5);
        const int count = 200_000;
        var normal = Enumerable.Range(0, count).Select(_ => random.Normal()).ToArray();
        var exponential = Enumerable.Range(0, count).Select(_ => random.Exponential()).ToArray();
        var uniform = Enumerable.Range(0, count).Select(_ => random.Uniform()).ToArray();
        // Four standard errors of each moment.
        Assert.InRange(normal.Average(), -0.009, 0.009);
        Assert.InRange(normal.Average(x => x * x), 0.987, 1.013);
        Assert.InRange(normal.Average(x => x * x * x * x), 2.91, 3.09);
        Assert.InRange(exponential.Average(), 0.991, 1.009);
        Assert.InRange(exponential.Average(x => x * x), 1.96, 2.04);
        Assert.InRange(uniform.Average(), 0.4974, 0.5026);
        Assert.InRange(uniform.Average(x => x * x), 0.3306, 0.3361);
    }

    [Fact]
    public void Seeds_and_purposes_give_sequences_of_their_own()
    {
        var firsts = from seed in Enumerable.Range(0, 20)
                     from purpose in Enumerable.Range(0, 20)
                     select new PortableRandom((ulong)seed, (ulong)purpose).NextUInt64();
        Assert.Equal(400, firsts.Distinct().Count());
    }
}
