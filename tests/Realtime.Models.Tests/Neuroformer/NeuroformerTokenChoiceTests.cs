using Realtime.Engine.Numerics;
using Realtime.Models.Neuroformer;

namespace Realtime.Models.Tests.Neuroformer;

/// <summary>Filtering and drawing of tokens, by hand.</summary>
public sealed class NeuroformerTokenChoiceTests
{
    // Probabilities 0.5, 0.25, 0.15, 0.1.
    private static readonly float[] Logits = [.. new[] { 0.15, 0.5, 0.1, 0.25 }.Select(p => (float)Math.Log(p))];

    [Theory]
    [InlineData(0, 0.0, new[] { 0.15, 0.5, 0.1, 0.25 })]
    [InlineData(2, 0.0, new[] { 0, 0.5 / 0.75, 0, 0.25 / 0.75 })]
    [InlineData(9, 0.0, new[] { 0.15, 0.5, 0.1, 0.25 })]
    [InlineData(0, 0.4, new[] { 0, 1.0, 0, 0 })]
    [InlineData(0, 0.6, new[] { 0, 0.5 / 0.75, 0, 0.25 / 0.75 })]
    [InlineData(0, 0.8, new[] { 0.15 / 0.9, 0.5 / 0.9, 0, 0.25 / 0.9 })]
    [InlineData(2, 0.6, new[] { 0, 1.0, 0, 0 })]
    public void Filters_keep_the_most_likely(int topK, double topP, double[] expected)
    {
        var ours = NeuroformerTokenChoice.Probabilities(Logits, topK, topP, 1);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], ours[i], 1e-6);
    }

    [Fact]
    public void Temperature_comes_after_filtering()
    {
        var ours = NeuroformerTokenChoice.Probabilities(Logits, 0, 0.6, 0.5);
        double[] expected = [0, 0.8, 0, 0.2];
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], ours[i], 1e-6);
    }

    [Fact]
    public void Draws_follow_the_probabilities_and_never_take_what_was_filtered()
    {
        var random = new PortableRandom(5, 1);
        var probabilities = NeuroformerTokenChoice.Probabilities(Logits, 3, 0, 1);
        var counts = new int[4];
        const int draws = 20_000;
        for (var i = 0; i < draws; i++) counts[NeuroformerTokenChoice.Draw(probabilities, random)]++;
        Assert.Equal(0, counts[2]);
        for (var i = 0; i < 4; i++) Assert.InRange(counts[i], draws * probabilities[i] - 4 * Math.Sqrt(draws * 0.25), draws * probabilities[i] + 4 * Math.Sqrt(draws * 0.25));
    }

    [Fact]
    public void The_best_is_the_first_of_equals() => Assert.Equal(1, NeuroformerTokenChoice.Best([0, 2, 2, 1]));
}
