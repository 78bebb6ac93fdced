namespace Realtime.Models.Tests.Kernels;

public sealed class GruGatesTests
{
    public static TheoryData<string> Sets => KernelSets.Names;

    [Theory]
    [MemberData(nameof(Sets))]
    public void A_step_of_any_width_is_that_of_the_formula(string set)
    {
        var kernels = KernelSets.Named(set);
        var random = new Random(60);
        for (var width = 0; width <= 70; width++)
        {
            var (input, hidden) = (new GuardedFloats(Samples.Normal(random, 3 * width, 3)), new GuardedFloats(Samples.Normal(random, 3 * width, 3)));
            var state = new GuardedFloats(Samples.Normal(random, width));
            var before = state.Span.ToArray();
            kernels.GruGates(input.Span, hidden.Span, state.Span);
            state.AssertUntouched(set);
            for (var i = 0; i < width; i++)
            {
                var r = DoubleReference.Sigmoid((double)input[i] + hidden[i]);
                var z = DoubleReference.Sigmoid((double)input[width + i] + hidden[width + i]);
                double inputN = input[2 * width + i], hiddenN = hidden[2 * width + i];
                var n = Math.Tanh(inputN + r * hiddenN);
                var expected = (1 - z) * n + z * before[i];

                // Functions by their bounds, sums by their rounding; a gate's slope is at most 1/4, that of tanh 1.
                var gate = 3e-7 + Samples.Rounding / 4 * (Math.Abs(input[i]) + Math.Abs(hidden[i]));
                var keep = 3e-7 + Samples.Rounding / 4 * (Math.Abs(input[width + i]) + Math.Abs(hidden[width + i]));
                var candidate = 3e-7 + gate * Math.Abs(hiddenN) + Samples.Rounding * (Math.Abs(inputN) + Math.Abs(hiddenN));
                var bound = (1 - z) * candidate + keep * Math.Abs(before[i] - n) + 2 * Samples.Rounding * (Math.Abs(before[i]) + 1);
                Samples.AssertWithin(expected, state[i], bound, $"{set}: width {width}, at {i}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void An_update_gate_of_one_keeps_the_state_to_the_bit(string set)
    {
        const int Width = 37;
        var random = new Random(61);
        var input = Samples.Normal(random, 3 * Width);
        Array.Fill(input, 50, Width, Width);
        var state = Samples.Normal(random, Width, 1e-3);
        var before = (float[])state.Clone();
        KernelSets.Named(set).GruGates(input, Samples.Normal(random, 3 * Width), state);
        Samples.AssertSameBits(before, state, set);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void The_bits_of_an_element_do_not_depend_on_the_width(string set)
    {
        var kernels = KernelSets.Named(set);
        const int Width = 70;
        var random = new Random(62);
        var (input, hidden, state) = (Samples.Normal(random, 3 * Width), Samples.Normal(random, 3 * Width), Samples.Normal(random, Width));
        var one = (float[])state.Clone();
        for (var i = 0; i < Width; i++)
            kernels.GruGates([input[i], input[Width + i], input[2 * Width + i]], [hidden[i], hidden[Width + i], hidden[2 * Width + i]], one.AsSpan(i, 1));
        kernels.GruGates(input, hidden, state);
        Samples.AssertSameBits(one, state, set);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void NaN_in_any_gate_shows_in_its_element_only(string set)
    {
        const int Width = 21;
        for (var at = 0; at < 3 * Width; at++)
        {
            var (input, hidden, state) = (new float[3 * Width], new float[3 * Width], new float[Width]);
            (at % 2 == 0 ? input : hidden)[at] = float.NaN;
            KernelSets.Named(set).GruGates(input, hidden, state);

            // A reset gate of NaN multiplies h_n = 0, which is NaN as well.
            for (var i = 0; i < Width; i++) Assert.True(i == at % Width == float.IsNaN(state[i]), $"{set}: NaN at {at} gives {state[i]} at {i}.");
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Shorter_gates_are_refused(string set)
    {
        var kernels = KernelSets.Named(set);
        Assert.Throws<ArgumentException>(() => kernels.GruGates(new float[5], new float[6], new float[2]));
        Assert.Throws<ArgumentException>(() => kernels.GruGates(new float[6], new float[5], new float[2]));
    }
}
