using Realtime.Models.Neuroformer;
using Realtime.Models.Transformer;

namespace Realtime.Models.Tests.Neuroformer;

/// <summary>What must hold of the network whatever its weights are.</summary>
public sealed class NeuroformerNetworkTests
{
    private static readonly NeuroformerConfig Config = RandomNeuroformer.Config;
    private static readonly NeuroformerNetwork Network = new(RandomNeuroformer.Weights(Config));

    [Fact]
    public void A_batch_gives_the_bits_of_its_windows_alone()
    {
        NeuroformerWindow[] windows = [RandomNeuroformer.Window(Config, 3, 1), RandomNeuroformer.Window(Config, 9, 2), RandomNeuroformer.Window(Config, 0, 3)];
        var together = Network.Forward(windows);
        for (var i = 0; i < windows.Length; i++)
        {
            var alone = Network.Forward([windows[i]]);
            Assert.Equal(alone.IdLogits, together.IdLogits[(i * alone.IdLogits.Length)..((i + 1) * alone.IdLogits.Length)]);
            Assert.Equal(alone.Predictions[0][0][0], together.Predictions[0][0][i]);
        }
    }

    [Fact]
    public void Positions_do_not_see_later_ones_and_fewer_rows_are_the_first_rows()
    {
        var window = RandomNeuroformer.Window(Config, 6, 4);
        var whole = Network.Forward([window]);
        var changed = window with { Ids = [.. window.Ids], Times = [.. window.Times] };
        (changed.Ids[7], changed.Times[7]) = (2, 3);
        var other = Network.Forward([changed]);
        var words = Config.IdWords;
        Assert.Equal(whole.IdLogits[..(7 * words)], other.IdLogits[..(7 * words)]);
        Assert.NotEqual(whole.IdLogits[(7 * words)..(8 * words)], other.IdLogits[(7 * words)..(8 * words)]);
        var part = Network.Forward([window], rows: 5);
        for (var i = 0; i < 5 * words; i++) Assert.Equal(whole.IdLogits[i], part.IdLogits[i], 1e-5f);
    }

    [Fact]
    public void Attention_is_shown_and_its_rows_sum_to_one()
    {
        var seen = new Dictionary<string, float[]>();
        Network.Forward([RandomNeuroformer.Window(Config, 6, 4)], attention: (stage, values) => seen[stage] = values.ToArray());
        Assert.Equal(["attn.history.0", "attn.history.1", "attn.state.0", "attn.state.1"], seen.Keys.Order(StringComparer.Ordinal));
        var weights = seen["attn.state.1"];
        Assert.Equal(Config.NHead * 12 * 12, weights.Length);
        for (var row = 0; row < Config.NHead * 12; row++)
        {
            Assert.Equal(1, weights.AsSpan(row * 12, 12).ToArray().Sum(), 1e-5f);
            Assert.All(weights[(row * 12 + row % 12 + 1)..((row + 1) * 12)], weight => Assert.Equal(0, weight));
        }
    }

    [Fact]
    public void An_absent_input_leaves_its_groups_blocks_out()
    {
        var window = RandomNeuroformer.Window(Config, 6, 4);
        var without = Network.Forward([window with { Inputs = [] }]);
        Assert.NotEqual(Network.Forward([window]).LastLayer, without.LastLayer);
        Assert.Equal(without.LastLayer, Network.Forward([window with { Inputs = [[null, null]] }]).LastLayer);
    }

    [Fact]
    public void Windows_that_do_not_fit_are_refused()
    {
        var window = RandomNeuroformer.Window(Config, 6, 4);
        Refused(window with { Ids = window.Ids[1..] }, "exactly 12");
        Refused(window with { PastIds = [.. window.PastIds[1..], 99] }, "id token 99");
        Refused(window with { Times = [.. window.Times[1..], float.NaN] }, "dt token NaN");
        Refused(window with { Pad = 0 }, "pad 0");
        Refused(window with { Inputs = [[0.05]] }, "1 inputs");
        Refused(window with { Inputs = [[], []] }, "2 groups");
        var seeing = Config with { StimulusLayers = 1, Frames = new() { Count = 2, Height = 4, Width = 4, Kernel = [1, 2, 2], Stride = [1, 2, 2] } };
        var network = new NeuroformerNetwork(RandomNeuroformer.Weights(seeing));
        Assert.Contains("no frames", Assert.Throws<ArgumentException>(() => network.Forward([window])).Message);
        Assert.Contains("31 pixels", Assert.Throws<ArgumentException>(() => network.Forward([window with { Frames = new float[31] }])).Message);
        Assert.Throws<ArgumentException>(() => Network.Forward([]));

        static void Refused(NeuroformerWindow window, string expected) =>
            Assert.Contains(expected, Assert.Throws<ArgumentException>(() => Network.Forward([window])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("neuroformer_lateral", 40)]
    [InlineData("neuroformer_lateral_noframes", 3)]
    [InlineData("neuroformer_tiny", 5)]
    public void Random_models_are_the_same_bytes_again_and_read_back(string name, int units)
    {
        var bytes = RandomModels.Named(name, RandomNeuroformer.Options(units))!;
        Assert.True(bytes.AsSpan().SequenceEqual(RandomModels.Named(name, RandomNeuroformer.Options(units))));
        using var file = ModelFile.Parse(bytes, name);
        Assert.Equal(NeuroformerKind.Name, file.Config.Kind);
        Assert.Equal(units + 3, file.Tensors.Info("head_id.weight").Shape[0]);
    }

    // Figures of the published runs' logs: 2.820302e7 parameters.
    [Fact]
    public void The_published_configuration_has_the_published_number_of_parameters()
    {
        var config = NeuroformerRandom.Lateral with
        {
            Groups = [new() { Name = "behavior", Layers = 4, Variables = [.. new[] { "phi", "speed", "th" }.Select(name => new NeuroformerVariable { Name = name, Predict = true })] }],
        };
        const int unusedNorm = 2 * 256;
        Assert.Equal(28_203_023, NeuroformerRandom.Tensors(config, 1).Sum(tensor => tensor.Shape.Aggregate(1L, (a, b) => a * b)) + unusedNorm);
    }
}
