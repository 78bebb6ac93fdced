using Realtime.Models.Neuroformer;

namespace Realtime.Models.Tests.Neuroformer;

/// <summary>Tokens by the rules of upstream's data set, worked out by hand.</summary>
public sealed class NeuroformerTokenizerTests
{
    // Neurons 0 to 4, SOS 5, EOS 6, PAD 7; dt 0 to 5, SOS 6, EOS 7, PAD 8.
    private static readonly NeuroformerConfig Config = new() { Neurons = 5, BlockId = 6, BlockPrevId = 5, NEmbd = 8, NHead = 2 };
    private static readonly NeuroformerTokenizer Tokenizer = new(Config);

    [Fact]
    public void An_empty_window_is_sos_eos_pad()
    {
        var tokens = Tokenizer.Sequence([], 6);
        Assert.Equal([5, 6, 7, 7, 7, 7, 7], tokens.Ids);
        Assert.Equal([0, 7, 8, 8, 8, 8, 8], tokens.Times);
        Assert.Equal((5, 0), (tokens.Pad, tokens.Cut));
    }

    [Fact]
    public void Spikes_lie_between_sos_and_eos_and_targets_are_a_place_ahead()
    {
        var tokens = Tokenizer.Sequence([new(0, 3), new(0, 3), new(4, 1)], 6);
        Assert.Equal([5, 3, 3, 1, 6, 7, 7], tokens.Ids);
        Assert.Equal([0, 0, 0, 4, 7, 8, 8], tokens.Times);
        Assert.Equal(2, tokens.Pad);
        Assert.Equal(6, tokens.Ids[6 - tokens.Pad]);
        Assert.Equal([3, 3, 1, 6, 7, 7], tokens.Targets.Ids);
        Assert.Equal([0, 0, 4, 7, 8, 8], tokens.Targets.Times);
    }

    [Fact]
    public void A_full_window_fits_without_a_cut()
    {
        var tokens = Tokenizer.Sequence([new(0, 0), new(1, 1), new(2, 2), new(3, 3)], 6);
        Assert.Equal([5, 0, 1, 2, 3, 6, 7], tokens.Ids);
        Assert.Equal([0, 0, 1, 2, 3, 7, 8], tokens.Times);
        Assert.Equal((1, 0), (tokens.Pad, tokens.Cut));
    }

    [Fact]
    public void Too_many_spikes_lose_the_oldest_and_sos_carries_the_dt_of_the_last_one_lost()
    {
        var tokens = Tokenizer.Sequence([new(0, 0), new(1, 4), new(2, 0), new(3, 1), new(4, 2), new(4, 3)], 6);
        Assert.Equal([5, 0, 1, 2, 3, 6, 7], tokens.Ids);
        Assert.Equal([1, 2, 3, 4, 4, 7, 8], tokens.Times);
        Assert.Equal((1, 2), (tokens.Pad, tokens.Cut));
    }

    [Fact]
    public void Spike_times_fall_into_half_open_bins_and_ties_sort_by_neuron()
    {
        const long ms = 1_000_000;
        const long end = 1_000 * ms;
        long[] times = [end, end - 1, end - 50 * ms, end - 50 * ms - 1, end - 100 * ms, end - 100 * ms - 1, end - 40 * ms, end - 41 * ms, end - 49 * ms];
        int[] neurons = [0, 1, 2, 3, 4, 0, 0, -1, 1];
        var (current, past) = Tokenizer.Sequences(times, neurons, end);
        Assert.Equal([5, 1, 2, 0, 1, 6, 7], current.Ids);
        Assert.Equal([0, 0, 0, 1, 4, 7, 8], current.Times);
        Assert.Equal([5, 4, 3, 6, 7, 7], past.Ids);
        Assert.Equal([0, 0, 4, 7, 8, 8], past.Times);
    }

    [Fact]
    public void Order_of_arrival_does_not_matter()
    {
        long[] times = [3, 1, 20_000_000, 2, 20_000_001];
        int[] neurons = [4, 2, 1, 0, 0];
        var (forward, _) = Tokenizer.Sequences(times, neurons, 50_000_000);
        var (backward, _) = Tokenizer.Sequences([.. times.Reverse()], [.. neurons.Reverse()], 50_000_000);
        Assert.Equal(forward.Ids, backward.Ids);
        Assert.Equal(forward.Times, backward.Times);
    }

    [Fact]
    public void Counts_and_times_of_the_same_spikes_give_the_same_tokens()
    {
        const int bins = 30;
        var counts = new int[5 * bins];
        var (times, neurons) = (new List<long>(), new List<int>());
        for (var i = 0; i < 12; i++)
        {
            var (neuron, bin) = (i * 7 % 5, 10 + i * 3 % 11);
            counts[neuron * bins + bin]++;
            times.Add(bin * 10_000_000L + 1 + i);
            neurons.Add(neuron);
        }

        foreach (var end in (double[])[0.15, 0.2, 0.25])
        {
            var (current, past) = Tokenizer.Sequences(counts, bins, end);
            var (ofTimes, pastOfTimes) = Tokenizer.Sequences([.. times], [.. neurons], (long)Math.Round(end * 1e9));
            Assert.Equal(current.Ids, ofTimes.Ids);
            Assert.Equal(current.Times, ofTimes.Times);
            Assert.Equal(past.Ids, pastOfTimes.Ids);
            Assert.Equal(past.Times, pastOfTimes.Times);
            Assert.Equal((current.Cut, past.Cut), (ofTimes.Cut, pastOfTimes.Cut));
        }
    }

    // Expected values from Python: round(t / 0.01) and so on.
    [Theory]
    [InlineData(0.2, 10, 15, 20)]
    [InlineData(0.25, 15, 20, 25)]
    [InlineData(0.05, 0, 0, 5)]
    [InlineData(0.08, 0, 3, 8)]
    [InlineData(1234.55, 123445, 123450, 123455)]
    public void Columns_round_as_upstream_does(double end, int pastFirst, int first, int last) =>
        Assert.Equal(new NeuroformerColumns(pastFirst, first, last), Tokenizer.Columns(end));

    // i = round((t + 0.05 × look-ahead) / 0.05), at least 3, at most what there is; frames i - 3 on.
    [Theory]
    [InlineData(0.05, 1, 0)]
    [InlineData(1.0, 1, 18)]
    [InlineData(1.0, 0, 17)]
    [InlineData(100.0, 1, 97)]
    public void Frames_end_at_the_window_or_ahead_of_it(double end, int lookAhead, int first)
    {
        var tokenizer = new NeuroformerTokenizer(Config with { StimulusLayers = 1, Frames = new() { Count = 3, Height = 5, Width = 5, Kernel = [3, 5, 5], Stride = [3, 5, 5] } });
        Assert.Equal(first, tokenizer.FirstFrame(end, 100, lookAhead));
        Assert.Throws<ArgumentException>(() => tokenizer.FirstFrame(end, 2, lookAhead));
        Assert.Throws<ArgumentException>(() => Tokenizer.FirstFrame(end, 100));
    }

    [Fact]
    public void Spikes_outside_the_vocabulary_are_refused()
    {
        Assert.Contains("neuron 5", Assert.Throws<ArgumentException>(() => Tokenizer.Sequence([new(0, 5)], 6)).Message);
        Assert.Contains("bin 6", Assert.Throws<ArgumentException>(() => Tokenizer.Sequence([new(6, 0)], 6)).Message);
        Assert.Contains("neuron 9", Assert.Throws<ArgumentException>(() => Tokenizer.Sequences([1], [9], 50_000_000)).Message);
        Assert.Throws<ArgumentException>(() => Tokenizer.Sequences([1, 2], [0], 50_000_000));
    }

    [Fact]
    public void A_configuration_whose_windows_do_not_fit_the_vocabulary_is_refused() =>
        Assert.Contains("dt_bins", Assert.Throws<ArgumentException>(() => new NeuroformerTokenizer(Config with { WindowPrev = 0.15 })).Message);
}
