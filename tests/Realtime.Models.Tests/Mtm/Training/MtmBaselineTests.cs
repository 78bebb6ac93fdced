using Realtime.Models.Mtm.Training;

namespace Realtime.Models.Tests.Mtm.Training;

public sealed class MtmBaselineTests
{
    [Theory]
    [InlineData(MtmTask.CoSmoothing)]
    [InlineData(MtmTask.InterRegion)]
    public void What_is_to_be_predicted_never_enters_its_own_prediction(MtmTask task)
    {
        var recording = new MtmRecording(TrialSession.Make(units: 9), 20, 20);
        var trial = recording.Test[0];
        var changed = trial.Counts.ToArray();
        foreach (var neuron in task == MtmTask.CoSmoothing ? [4] : recording.RegionNeurons("VISp").ToArray())
            for (var at = neuron; at < changed.Length; at += 9) changed[at] += 2;
        var rates = MtmLowRankGlm.Predict(task, recording, [trial, trial with { Counts = changed }]);
        Assert.All(rates[0], rate => Assert.True(float.IsFinite(rate)));
        for (var at = 4; at < changed.Length; at += 9) Assert.Equal(rates[0][at], rates[1][at], 1e-5f);
        Assert.NotEqual(rates[0][3], rates[1][3], 1e-5f);
    }

    [Fact]
    public void Mean_rates_are_means_drawn_to_a_prior()
    {
        var recording = new MtmRecording(TrialSession.Make(units: 5, silent: 2), 20, 20);
        var (spikes, bins) = MtmRecording.Totals(recording.Train, 5);
        var constant = MtmRateBaseline.Constant(recording).LogRates(20);
        for (var neuron = 0; neuron < 5; neuron++)
        {
            Assert.InRange(Math.Exp(constant[neuron]), (spikes[neuron] + 0.5) / bins * 0.9999, (spikes[neuron] + 5) / bins * 1.0001);
            Assert.Equal(constant[neuron], constant[(19 * 5) + neuron]);
        }

        var psth = MtmRateBaseline.Psth(recording);
        Assert.True(MtmNeuronScores.Of(recording.Valid, psth.Predict(recording.Valid)).Mean >= MtmNeuronScores.Of(recording.Valid, MtmRateBaseline.Constant(recording).Predict(recording.Valid)).Mean - 0.05);
    }

    [Fact]
    public void Directions_are_the_singular_vectors()
    {
        // Rows along two known directions of strengths 5 and 2.
        double[] first = [0.6, 0.8, 0], second = [-0.8, 0.6, 0];
        var data = new double[40 * 3];
        for (var row = 0; row < 40; row++)
        {
            var (a, b) = (row % 2 == 0 ? 5 : -5, row % 4 < 2 ? 2 : -2);
            for (var column = 0; column < 3; column++) data[row * 3 + column] = a * first[column] + b * second[column];
        }

        var found = PrincipalDirections.Find(data, 40, 3, 3, seed: 1);
        Assert.Equal(2, found.Length);
        Assert.Equal(1, Math.Abs(found[0].Zip(first, (x, y) => x * y).Sum()), 1e-9);
        Assert.Equal(1, Math.Abs(found[1].Zip(second, (x, y) => x * y).Sum()), 1e-9);
    }
}
