using System.Runtime.InteropServices;
using Realtime.Engine.Sessions;
using Realtime.Models.Checkpoints;
using Realtime.Models.Mtm;
using Realtime.Models.Verification;

namespace Realtime.Models.Tests.Checkpoints;

/// <summary>From a state dict of MtM, whose stitchers are named by numbers of neurons, to a model file.</summary>
public sealed class MtmImportTests
{
    private static readonly MtmConfig Shape = new() { NChannels = 12, MaxF = 14, NSessions = 3, NLayers = 2, HiddenSize = 24, NHeads = 3, InterSize = 40 };

    private static readonly HyperParameters Config = new("config", new Dictionary<string, object?> { ["n_heads"] = 3L, ["n_layers"] = 2L });

    private static readonly SessionMapEntry[] Map = [new("mouse_a", 9, 2), new("mouse_b", 7, 0)];

    [Theory]
    [InlineData("mouse_a", 9, 2)]
    [InlineData("mouse_b", 7, 0)]
    public void Stitchers_get_the_ids_of_their_recordings(string session, int neurons, int row)
    {
        var model = Import(State(9, 7), new ImportOptions { HyperParameters = Config, SessionMap = Map, Session = session });
        var settings = TestSettings(model);
        Assert.Equal((session, neurons), (settings.Session, model.File.Config.Units.Count));
        Assert.Equal(row, settings.Sessions.Single(one => one.Word == session).Row);
        Assert.Equal(Shape, settings.HyperParameters);
        Assert.Equal((MtmLiveMode.Sliding, true, "rates"), (settings.Mode, settings.PrefixSeesBins, settings.Readout));
        Assert.Equal(20_000_000, model.File.Config.BinNs);
        Assert.True(model.File.Tensors.Tensors.ContainsKey("encoder.stitcher.stitcher_dict.mouse_a.weight"));
        Assert.False(model.File.Tensors.Tensors.ContainsKey("decoder.0.weight"));
        Assert.Equal(session, ((MtmDecoder)ModelLoader.Create(model.File)).Description.Units[0].Stream);
        Assert.True(Verifier.Run(model.File).Single().Pass);
    }

    [Fact]
    public void Units_and_regions_are_those_that_the_user_names()
    {
        var units = Enumerable.Range(0, 7).Select(neuron => new UnitAssignment(neuron < 3 ? "CA1" : "PO", new UnitId("probe", $"{neuron}", 2))).ToArray();
        var model = Import(State(9, 7), new ImportOptions { HyperParameters = Config, SessionMap = Map, Session = "mouse_b", Units = units, Task = "regions", LiveMode = MtmLiveMode.Trial });
        Assert.Equal(["CA1", "PO"], model.File.Config.Outputs.Select(output => output.Name));
        Assert.Equal(new UnitId("probe", "6", 2), model.File.Config.Units[6]);
        Assert.Equal((MtmLiveMode.Trial, false), (TestSettings(model).Mode, TestSettings(model).PrefixSeesBins));
        Assert.Contains(model.Notes, note => note.Contains("see their own future", StringComparison.Ordinal));
    }

    [Fact]
    public void A_checkpoint_of_one_recording_needs_its_id_only()
    {
        var state = State(9);
        state.Replace("module.encoder.embedder.embed_session.weight", tensor => new TestTensor("FloatStorage", [1, 24], tensor.Bytes[..(24 * sizeof(float))], 24));
        Assert.Equal("mouse_a", Import(state, new ImportOptions { HyperParameters = Config, Session = "mouse_a" }).File.Config.Training.Session);
        Refused("does not tell the recording's id", state, new ImportOptions { HyperParameters = Config });
    }

    [Fact]
    public void What_leaves_recordings_open_is_refused_with_what_to_do()
    {
        var all = new ImportOptions { HyperParameters = Config, SessionMap = Map, Session = "mouse_a" };
        Refused("which do not tell recordings", State(9, 7), all with { SessionMap = null });
        Refused("'mouse_a' and 'mouse_c', which both have 9 neurons", State(9, 7), all with { SessionMap = [.. Map, new("mouse_c", 9, 1)] });
        Refused("no stitcher for the 8 neurons of 'mouse_c'", State(9, 7), all with { SessionMap = [.. Map, new("mouse_c", 8, 1)] });
        Refused("is given row 3", State(9, 7), all with { SessionMap = [new("mouse_a", 9, 3)] });
        Refused("'mouse_a' twice", State(9, 7), all with { SessionMap = [new("mouse_a", 9, 1), new("mouse_a", 7, 2)] });
        Refused("the nearest is 'mouse_a'", State(9, 7), all with { Session = "mouse_x" });
        Refused("several recordings", State(9, 7), all with { Session = null });
        Refused("'n_heads': is missing", State(9, 7), all with { HyperParameters = new HyperParameters("config", new Dictionary<string, object?>()) });
        Refused("'n_layers': is 3, but the tensors", State(9, 7), all with { HyperParameters = new HyperParameters("config", new Dictionary<string, object?> { ["n_heads"] = 3L, ["n_layers"] = 3L }) });
        Refused("cannot be read out as 'behaviour'", State(9, 7), all with { Task = "behaviour" });
        Refused("no region is known", State(9, 7), all with { Task = "regions" });
        Refused("learned positions", State(9, 7), all with { LiveMode = MtmLiveMode.Rotary });
        Refused("--units names 1", State(9, 7), all with { Units = [new("CA1", new UnitId("probe", "1", 1))] });
        var other = State(9, 7);
        other.Tensor("module.encoder.embedder.mask_token", [1], 1);
        Refused("'module.encoder.embedder.mask_token': is a tensor", other, all);
    }

    [Fact]
    public void The_session_map_is_read_and_its_faults_are_named()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "# a comment\nsession,neurons,row\n\nmouse_a, 9 ,2\nmouse_b,7,0\n");
            Assert.Equal(Map, SessionMapFile.Read(path));
            foreach (var (text, due) in new[] { ("mouse_a,9", "line 1"), ("a,x,0", "'x' neurons"), ("a,9,-1", "row '-1'"), ("", "no recording") })
            {
                File.WriteAllText(path, text);
                Assert.Contains(due, Assert.Throws<ModelFormatException>(() => SessionMapFile.Read(path)).Message, StringComparison.Ordinal);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Refused(string due, TestStateDict state, ImportOptions options) =>
        Assert.Contains(due, Assert.Throws<ModelFormatException>(() => Import(state, options)).Message, StringComparison.Ordinal);

    private static ImportedModel Import(TestStateDict state, ImportOptions options)
    {
        using var checkpoint = TestCheckpoint.Parse(state.Bare());
        return CheckpointImporter.Import(checkpoint, options);
    }

    private static MtmSettings TestSettings(ImportedModel model) => MtmModel.Read(model.File).Settings;

    /// <summary>A stitched state dict as upstream names it, as a wrapped module saves it.</summary>
    private static TestStateDict State(params int[] sizes)
    {
        var settings = new MtmSettings
        {
            HyperParameters = Shape,
            Sessions = [.. sizes.Select(size => new MtmSession { Word = $"{size}", Row = 0, Stitcher = $"{size}", Neurons = size })],
            Session = $"{sizes[0]}",
            Readout = MtmReadouts.Rates,
        };
        var state = new TestStateDict();
        foreach (var tensor in MtmRandom.Tensors(settings, 0, 5)) state.Tensor("module." + tensor.Name, MemoryMarshal.Cast<byte, float>(tensor.Bytes).ToArray(), [.. tensor.Shape]);
        state.Tensor("module.decoder.0.weight", new float[12 * 24], 12, 24);
        state.Tensor("module.decoder.0.bias", new float[12], 12);
        return state;
    }
}
