using Realtime.Engine.Answers;
using Realtime.Engine.Decoding;
using Realtime.Engine.Offline;
using Realtime.Engine.Sessions;
using Realtime.Engine.Time;
using Realtime.Models.Neuroformer;
using Realtime.Models.Neuroformer.Training;
using Realtime.Models.Training;
using Realtime.Models.Training.Transformers;
using Realtime.Models.Training.Windows;
using Realtime.Models.Weights;
using Xunit.Abstractions;

namespace Realtime.Models.Tests.Neuroformer.Training;

/// <summary>Trainings with video frames and input variables.</summary>
public sealed class NeuroformerFrameTrainingTests(ITestOutputHelper output)
{
    private const long HopNs = 50_000_000;
    private static readonly FrameShape Size = new(6, 8);

    private static NeuroformerRecipe Recipe => new()
    {
        Model = new NeuroformerShape
        {
            NEmbd = 16,
            NHead = 2,
            HistoryLayers = 1,
            WindowPrev = 0.05,
            Frames = new NeuroformerFrameShape { Window = 0.2, Kernel = [2, 3, 4], Scale = 1 / 255.0 },
            ContrastiveVars = ["id", "frames"],
        },
        Outputs = ["cos_direction", "sin_direction"],
        Inputs = ["speed"],
        Epochs = 1,
        WindowsPerEpoch = 128,
        BatchWindows = 64,
        LearningRate = 4e-3,
        TokenSd = 0.5,
    };

    [Theory]
    [InlineData("as the model reads them, moved to and fro, some lost, a second without", 50, 12)]
    [InlineData("from a camera of more than four times the rate", 9, 0)]
    public void The_live_decoder_is_shown_what_training_saw(string frames, int periodMs, int jitterMs)
    {
        output.WriteLine(frames);
        var session = WithFrames(SyntheticSession.Make(units: 6, seconds: 40), periodMs, jitterMs);
        var training = NeuroformerTrainer.Train([session], Recipe, new TrainerOptions());
        using var file = ModelFile.Parse(training.Model!, "trained");
        var settings = NeuroformerModel.Settings(file);
        Assert.Equal((4, 6, 8, 1 / 255.0), (settings.HyperParameters.Frames!.Count, settings.HyperParameters.Frames.Height, settings.HyperParameters.Frames.Width, settings.FrameScale));
        Assert.Equal(["cos_direction", "sin_direction", "speed"], settings.HyperParameters.Groups[0].Variables.Select(variable => variable.Name));
        var plain = new NeuroformerNetwork(NeuroformerWeights.Read(new WeightReader(file.Tensors), settings.HyperParameters));
        using var decoder = new NeuroformerDecoder(file, new DecoderOptions { HopNs = HopNs });
        var sink = new Sink();
        OfflineDecoding.Run(session, session.Test[0], decoder, HopNs, [.. Enumerable.Range(0, 6)], sink, MonotonicClock.Instance);

        var startNs = (long)Math.Round(session.Test[0].Start * 1e9);
        var places = training.Sessions.Answers(0, SessionPart.Test, session.Test, HopNs).ToDictionary(place => place.StartNs + training.Sessions.WindowNs - startNs);
        Assert.InRange(places.Count, 100, 160);
        Assert.Equal(160, sink.Answers.Count);
        foreach (var (dataNs, status, values) in sink.Answers.Where(answer => answer.DataNs >= training.Sessions.WindowNs))
        {
            // Late is the machine's doing, not the frames'.
            var isAnswered = status is AnswerStatus.Fresh or AnswerStatus.Late;
            Assert.True(places.ContainsKey(dataNs) == isAnswered, $"{dataNs / 1e9} s: {status}");
            if (!isAnswered) continue;
            var due = plain.Forward([training.Sessions.Cut(places[dataNs]).Window]).Predictions[0];
            for (var i = 0; i < values.Length; i++) Assert.Equal(due[i][0] * settings.OutputSd[i] + settings.OutputMean[i], values[i], 1e-4);
        }
    }

    [Fact]
    public void Frames_and_spikes_find_each_other_better_than_by_chance_and_fine_tuning_goes_on_with_both()
    {
        var session = WithFrames(SyntheticSession.Make(seconds: 120), 50, 0);
        var recipe = Recipe with
        {
            Phase = NeuroformerPhase.Pretrain,
            Inputs = [],
            Loss = new NeuroformerLossWeights { Id = 0, Dt = 0, Contrastive = 1 },
            Epochs = 8,
            EvaluateEvery = 8,
            WindowsPerEpoch = 640,
        };
        var trained = NeuroformerTrainer.Train([session], recipe, new TrainerOptions());
        var (loss, chance) = new NeuroformerScores(trained.Sessions, 1).Contrast(trained.Result.Tensors!, SessionPart.Test, default);
        var drawn = NeuroformerModel.Network(trained.Sessions).Parameters.ToTensors();
        var (before, _) = new NeuroformerScores(trained.Sessions, 1).Contrast(drawn, SessionPart.Test, default);
        output.WriteLine(FormattableString.Invariant($"contrastive {before:F3}, trained {loss:F3}, chance {chance:F3}"));
        Assert.Equal(Math.Log(16), chance, 1e-12);
        Assert.Equal(chance, before, 0.15);
        Assert.True(loss < chance - 0.3, $"{loss} of {chance}");
        Assert.All(trained.Result.Curve, point => Assert.Equal(point.Loss, point.LossParts["contrastive"], 1e-9));

        using var start = ModelFile.Parse(trained.Model!, "pretrained");
        var tune = new NeuroformerRecipe { Phase = NeuroformerPhase.FineTune, Outputs = ["x"], Epochs = 1, WindowsPerEpoch = 64, Loss = new NeuroformerLossWeights { Contrastive = 0.25 } };
        var tuned = NeuroformerTrainer.Train([session], tune, new TrainerOptions(), start);
        Assert.Equal((4, 1 / 255.0), (tuned.Sessions.Config.Frames!.Count, tuned.Sessions.Settings.FrameScale));
        var parts = tuned.Result.Curve[0].LossParts;
        Assert.Equal(tuned.Result.Curve[0].Loss, parts.Values.Sum(), 1e-9);
        Assert.All(parts.Values, part => Assert.True(part > 0));
    }

    [Fact]
    public void Windows_after_the_last_frame_are_left_out_and_told_of()
    {
        var session = SyntheticSession.Make(units: 4, seconds: 40);
        var frames = WithFrames(session, 50, 0).Frames!;
        var early = session with { Frames = new SessionFrames(frames.Samples[..200], Size, frames.Bytes[..(200 * Size.Pixels)].ToArray()) };
        var sessions = NeuroformerSessions.From([early], Recipe);

        // The last frame, at 9.95 s, stands for 0.1 s.
        Assert.All(sessions.Epoch(SessionPart.Train, 0), place => Assert.InRange(place.StartNs + sessions.WindowNs, 0, 10_050_000_000));
        Assert.Empty(sessions.Cover(SessionPart.Test));
        Assert.Contains(sessions.Notes, note => note.Contains("train intervals have no video frames", StringComparison.Ordinal));
        Assert.Contains(sessions.Notes, note => note.Contains("test intervals have no video frames", StringComparison.Ordinal));
        Assert.Contains(sessions.Notes, note => note.Contains("speed cannot influence", StringComparison.Ordinal));
        var none = session with { Frames = new SessionFrames([39 * 30_000], Size, new byte[Size.Pixels]) };
        Refused([none], Recipe, "no training window", "frames");
    }

    [Fact]
    public void Sessions_that_lack_what_the_model_reads_are_refused_by_name()
    {
        var bare = SyntheticSession.Make(units: 4, seconds: 40);
        var session = WithFrames(bare, 50, 0);
        Refused([session, bare with { Name = "bare" }], Recipe, "'bare' holds no video frames", "model.frames");
        var wide = session with { Name = "wide", Frames = new SessionFrames([0], new FrameShape(6, 9), new byte[54]) };
        Refused([session, wide], Recipe, "'wide' have 6 x 9", "'synthetic' have 6 x 8");
        Refused([session], Recipe with { Model = Recipe.Model with { Frames = new NeuroformerFrameShape { Kernel = [1, 7, 2] } } }, "kernel is 7 rows high", "have 6");
        Refused([session], Recipe with { Inputs = ["sped"] }, "no behaviour channel 'sped'", "speed");
        Refused([session], Recipe with { Outputs = null, Inputs = ["cos_direction"] }, "'cos_direction' is an input and an output");

        var trained = NeuroformerTrainer.Train([session], Recipe with { Inputs = [] }, new TrainerOptions());
        using var start = ModelFile.Parse(trained.Model!, "trained");
        var tune = Recipe with { Phase = NeuroformerPhase.FineTune };
        Refused([bare], tune, "'synthetic' holds no video frames", "the model to start from", start);
        Refused([wide], tune, "'wide' have 6 x 9", "the model to start from", start);
    }

    private static void Refused(Session[] sessions, NeuroformerRecipe recipe, string first, string second = "", ModelFile? start = null)
    {
        var error = Assert.Throws<TrainingException>(() => NeuroformerTrainer.Train(sessions, recipe, new TrainerOptions(), start));
        Assert.Contains(first, error.Message, StringComparison.Ordinal);
        Assert.Contains(second, error.Message, StringComparison.Ordinal);
    }

    /// <summary>Frames that show the direction as a light column. Moved to and fro, one in 17 is lost, and there are none from 36 to 37 s.</summary>
    private static Session WithFrames(Session session, int periodMs, int jitterMs)
    {
        var random = new Random(3);
        var (samples, pixels) = (new List<long>(), new List<byte>());
        for (var ms = 0; ms < session.DurationSeconds * 1000; ms += periodMs)
        {
            if (jitterMs > 0 && (random.Next(17) == 0 || ms is >= 36_000 and < 37_000)) continue;
            samples.Add((ms + random.Next(jitterMs + 1)) * 30L);
            var row = Math.Min(session.BehaviourSamples.Length - 1, ms / 10);
            var column = (int)(session.BehaviourValues[row * session.Behaviour.Count + 4] / (2 * Math.PI) * Size.Width) % Size.Width;
            for (var pixel = 0; pixel < Size.Pixels; pixel++) pixels.Add((byte)(pixel % Size.Width == column ? 255 : random.Next(60)));
        }

        return session with { Frames = new SessionFrames([.. samples], Size, [.. pixels]) };
    }

    private sealed class Sink : IAnswerSink
    {
        public List<(long DataNs, AnswerStatus Status, float[] Values)> Answers { get; } = [];

        public void Publish(in TickAnswer answer, ReadOnlySpan<float> values) => Answers.Add((answer.DataNs, answer.Status, values.ToArray()));
    }
}
