using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Models.Training;
using Realtime.Tests;

namespace Realtime.Models.Tests;

/// <summary>Binning in sample numbers and a matrix product, written out here, against the decoder called live at the bins' ends.</summary>
public sealed class WindowsAgainstMatricesTests
{
    [Theory]
    [InlineData(100, 5)]
    [InlineData(70, 3)]
    [InlineData(10, 1)]
    [InlineData(33.4, 4)]
    public void Window_by_window_equals_the_matrix_product(double binMs, int lags) =>
        Compare(SyntheticSession.Make(seed: 3), binMs, lags, ["x", "y"]);

    [NeedsSharedFact]
    public void Window_by_window_equals_the_matrix_product_on_a_recording() =>
        Compare(NpySession.Read("ca1_linear_track"), 100, 10, ["track_position"]);

    private static void Compare(Session session, double binMs, int lags, string[] outputs)
    {
        var model = WienerTrainer.Train(session, new TrainingOptions { BinMs = binMs, Lags = lags, Outputs = outputs });
        var decoder = model.Decoder;
        var file = model.File;
        var (weight, bias) = (file.Tensors.Doubles("weight"), file.Tensors.Doubles("bias"));
        var (mean, sd) = (file.Tensors.Doubles("feature_mean"), file.Tensors.Doubles("feature_sd"));
        var binNs = file.Config.BinNs;
        var timesNs = Array.ConvertAll(session.SpikeSamples, sample => (long)((Int128)sample * 1_000_000_000 / 30000));
        var worst = 0.0;
        foreach (var interval in session.Test)
        {
            var start = (long)Math.Round(interval.Start * 1e9);
            var bins = (int)(((long)Math.Round(interval.End * 1e9) - start) / binNs);
            var units = session.Units.Count;
            var counts = new int[bins, units];
            for (var spike = 0; spike < session.SpikeSamples.Length; spike++)
            {
                // A bin [a, b) of ns holds sample s if a <= s × 1e9 / 30000 < b, all times 30000.
                var offset = (Int128)session.SpikeSamples[spike] * 1_000_000_000 - (Int128)start * 30000;
                if (offset < 0) continue;
                var bin = (long)(offset / ((Int128)binNs * 30000));
                if (bin < bins) counts[bin, session.SpikeUnits[spike]]++;
            }

            var values = new float[outputs.Length];
            for (var bin = lags - 1; bin < bins; bin++)
            {
                var end = start + (bin + 1) * binNs;
                var low = LowerBound(timesNs, end - decoder.Description.WindowNs);
                var high = LowerBound(timesNs, end);
                decoder.Decode(new SpikeWindow(end - decoder.Description.WindowNs, end, timesNs.AsSpan(low, high - low),
                    session.SpikeUnits.AsSpan(low, high - low)), values);
                for (var output = 0; output < outputs.Length; output++)
                {
                    var sum = bias[output];
                    for (var lag = 0; lag < lags; lag++)
                    {
                        for (var unit = 0; unit < units; unit++)
                        {
                            var feature = lag * units + unit;
                            sum += weight[output * units * lags + feature] * (counts[bin - lag, unit] - mean[feature]) / sd[feature];
                        }
                    }

                    worst = Math.Max(worst, Math.Abs(sum - values[output]));
                }
            }
        }

        Assert.InRange(worst, 0, 1e-4);
    }

    private static int LowerBound(long[] times, long at)
    {
        var index = Array.BinarySearch(times, at - 1);
        if (index < 0) return ~index;
        while (index < times.Length && times[index] < at) index++;
        return index;
    }
}
