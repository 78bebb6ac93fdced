using Realtime.Engine.Sessions;
using Realtime.Models.Neuroformer.Connectivity;
using Realtime.Models.Neuroformer.Training;
using Realtime.Models.Training;
using Realtime.Models.Training.Transformers;
using Xunit.Abstractions;

namespace Realtime.Models.Tests.Neuroformer.Connectivity;

/// <summary>Couplings that are known, found again by a small network.</summary>
public sealed class AttentionConnectivityTests(ITestOutputHelper output)
{
    private const int Units = 6;

    private static readonly Lazy<(Session Session, byte[] Model)> Trained = new(() =>
    {
        var session = CoupledSpikes.Make(Units, 300, 1);
        var recipe = new NeuroformerRecipe
        {
            Phase = NeuroformerPhase.Pretrain,
            Model = new NeuroformerShape { NEmbd = 16, NHead = 2, StateLayers = 0, HistoryLayers = 1, WindowCurr = 0.01, WindowPrev = 0.03 },
            TargetMs = 10,
            Epochs = 4,
            WindowsPerEpoch = 12_800,
            BatchWindows = 64,
            LearningRate = 5e-3,
            Beta2 = 0.99,
            TokenSd = 0.5,
        };
        return (session, NeuroformerTrainer.Train([session], recipe, new TrainerOptions()).Model!);
    });

    [Theory]
    [InlineData(ConnectivityMethod.Lift, 0.9, 0.8)]
    [InlineData(ConnectivityMethod.Removal, 0.7, 0.55)]
    public void Existence_and_direction_are_found(ConnectivityMethod method, double excitation, double direction)
    {
        var (session, model) = Trained.Value;
        using var file = ModelFile.Parse(model, "trained");
        var matrix = AttentionConnectivity.Measure(file, session, session.Train, method, 12_000);
        var scores = ConnectivityScores.Of(matrix, CoupledSpikes.Weights(Units));
        output.WriteLine($"{method}: {scores}");
        Assert.True(scores.Excitation > excitation, $"excitation {scores.Excitation}");
        Assert.True(scores.Direction > direction, $"direction {scores.Direction}");
    }

    [Fact]
    public void All_methods_give_the_same_numbers_again()
    {
        var (session, model) = Trained.Value;
        using var file = ModelFile.Parse(model, "trained");
        foreach (var method in Enum.GetValues<ConnectivityMethod>())
        {
            var first = AttentionConnectivity.Measure(file, session, session.Valid, method, 200);
            Assert.Equal(first.Values, AttentionConnectivity.Measure(file, session, session.Valid, method, 200).Values);
            Assert.Equal(Units * Units, first.Values.Length);
        }
    }

    [Fact]
    public void Cross_correlograms_find_them_too()
    {
        var session = Trained.Value.Session;
        var scores = ConnectivityScores.Of(CrossCorrelogram.Of(session, session.Train, 0.01, 2), CoupledSpikes.Weights(Units));
        Assert.Equal(1, scores.Excitation);
        Assert.Equal(1, scores.RightWay);
    }

    [Fact]
    public void A_stretch_without_a_window_is_refused()
    {
        var (session, model) = Trained.Value;
        using var file = ModelFile.Parse(model, "trained");
        Assert.Throws<TrainingException>(() => AttentionConnectivity.Measure(file, session, [new TimeRange(0, 0.02)], ConnectivityMethod.Lift));
    }

    [Fact]
    public void Units_that_the_session_lacks_have_no_row()
    {
        var (session, model) = Trained.Value;
        using var file = ModelFile.Parse(model, "trained");
        var fewer = session with { Units = new UnitTable(session.Units.Units.Select((unit, row) => row == 2 ? unit with { Electrode = "another" } : unit)) };
        var matrix = AttentionConnectivity.Measure(file, fewer, session.Valid, ConnectivityMethod.Lift, 500);
        Assert.Equal(session.Units.Units.Where((_, row) => row != 2), matrix.Units);
        var strangers = session with { Units = new UnitTable(session.Units.Units.Select(unit => unit with { Electrode = unit.Electrode + "x" })) };
        Assert.Contains("none of the", Assert.Throws<TrainingException>(() => AttentionConnectivity.Measure(file, strangers, session.Valid, ConnectivityMethod.Lift)).Message, StringComparison.Ordinal);
    }
}
