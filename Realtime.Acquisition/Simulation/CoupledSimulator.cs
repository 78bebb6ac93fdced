using Realtime.Engine.Decoding;
using Realtime.Engine.Numerics;
using Realtime.Engine.Sessions;

namespace Realtime.Acquisition.Simulation;

/// <summary>
/// Simulates neurons that drive each other: a Poisson generalised linear model in steps of 1 ms, rate = exp(bias + sum of the effects of past spikes).
/// A spike's effect on a target starts after the coupling's lag, is at its height for 10 ms and at 0.6 of it for 10 ms more. Each neuron's own spike holds it
/// back for 20 ms. Biases are set in a minute before the session so that all rates come near the one asked for. The one behaviour channel is population_rate, the
/// mean rate of a neuron in the last 100 ms. Any thread; equal options give equal sessions on every platform, bit for bit.
/// </summary>
public static class CoupledSimulator
{
    private const int HeightMs = 10;
    private const int ShortestLagMs = 8;
    private const int LongestLagMs = 50;

    // Longest lag and both parts of the effect, to a power of two.
    private const int Ahead = 128;

    // Effects are summed in whole parts of this, so that what came in goes out again exactly.
    private const double Unit = 1.0 / 1_000_000;
    private const int SettleMs = 60_000;
    private const int StepMs = 10;
    private const int RateMs = 100;
    private const ulong PlanPurpose = 1;
    private const ulong SpikePurpose = 2;

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static CoupledSession Simulate(CoupledOptions options)
    {
        options.Validate();
        var couplings = Plan(options, new PortableRandom(options.Seed, PlanPurpose));
        var (samples, units) = Draw(options, couplings, new PortableRandom(options.Seed, SpikePurpose));
        var duration = Steps(options) / 1000.0;
        var (valid, test) = (Math.Floor(duration * 0.8), Math.Floor(duration * 0.9));
        const int samplesPerStep = SessionSimulator.SampleRateHz / 1000 * StepMs;
        return new CoupledSession(
            new Session
            {
                Name = $"simulated-coupled-{options.Units}u-seed{options.Seed}",
                SampleRateHz = SessionSimulator.SampleRateHz,
                Units = UnitTable.Numbered(options.Units),
                SpikeSamples = samples,
                SpikeUnits = units,
                Behaviour = [new OutputChannel("population_rate", "Hz")],
                BehaviourSamples = [.. Enumerable.Range(0, Steps(options) / StepMs).Select(step => (long)step * samplesPerStep + samplesPerStep / 2)],
                BehaviourValues = PopulationRate(samples, Steps(options) / StepMs, options.Units),
                DurationSeconds = duration,
                Segments = [new TimeRange(0, duration)],
                Train = [new TimeRange(0, valid)],
                Valid = [new TimeRange(valid, test)],
                Test = [new TimeRange(test, duration)],
                Source = "simulated by RealtimeDecoder; no recording",
            },
            options,
            couplings);
    }

    private static int Steps(CoupledOptions options) => (int)Math.Round(options.Minutes * 60_000);

    /// <summary>Mean rate of a neuron in the last 100 ms, Hz, each 10 ms.</summary>
    private static float[] PopulationRate(long[] samples, int steps, int units)
    {
        const int perStep = SessionSimulator.SampleRateHz / 1000 * StepMs;
        const int back = RateMs / StepMs;
        var counts = new int[steps];
        foreach (var sample in samples) counts[Math.Min(steps - 1, sample / perStep)]++;
        var (rates, sum) = (new float[steps], 0);
        for (var step = 0; step < steps; step++)
        {
            sum += counts[step] - (step >= back ? counts[step - back] : 0);
            rates[step] = (float)(sum * 1000.0 / RateMs / units);
        }

        return rates;
    }

    private static Coupling[] Plan(CoupledOptions options, PortableRandom random)
    {
        var couplings = new List<Coupling>();
        for (var target = 0; target < options.Units; target++)
        {
            var sources = Enumerable.Range(0, options.Units).Where(source => source != target).ToArray();
            for (var input = 0; input < options.Inputs; input++)
            {
                var draw = input + random.Below(sources.Length - input);
                (sources[input], sources[draw]) = (sources[draw], sources[input]);
                var inhibits = random.Uniform() < options.InhibitoryShare;
                var weight = options.Strength * (inhibits ? random.Uniform(-2.5, -1.5) : random.Uniform(1.2, 2));
                couplings.Add(new Coupling(sources[input], target, weight, ShortestLagMs + random.Below(LongestLagMs - ShortestLagMs + 1)));
            }
        }

        return [.. couplings.OrderBy(coupling => coupling.Target).ThenBy(coupling => coupling.Source)];
    }

    private static (long[] Samples, int[] Units) Draw(CoupledOptions options, Coupling[] couplings, PortableRandom random)
    {
        const int samplesPerMs = SessionSimulator.SampleRateHz / 1000;
        var (units, steps, perMs) = (options.Units, Steps(options), options.RateHz / 1000);
        var outgoing = couplings.ToLookup(coupling => coupling.Source);
        var effects = Enumerable.Range(0, units).Select(source => Effects(source, outgoing[source])).ToArray();
        var (bias, drive, chance) = (new double[units], new long[units], new double[units]);
        Array.Fill(bias, PortableMath.Log(perMs));
        var changes = new long[Ahead * units];
        var (spikes, rows) = (new List<long>(), new List<int>());
        var within = new List<(int Sample, int Unit)>();
        for (var unit = 0; unit < units; unit++) chance[unit] = Chance(unit);
        for (var ms = -SettleMs; ms < steps; ms++)
        {
            var now = (ms + SettleMs) % Ahead * units;
            within.Clear();
            for (var unit = 0; unit < units; unit++)
            {
                if (changes[now + unit] != 0)
                {
                    drive[unit] += changes[now + unit];
                    changes[now + unit] = 0;
                    chance[unit] = Chance(unit);
                }

                var fires = random.Uniform() < chance[unit];
                if (ms < 0)
                {
                    bias[unit] += 0.002 * (perMs - (fires ? 1 : 0)) / perMs * Math.Min(1, -ms / (double)SettleMs + 0.05);
                    chance[unit] = Chance(unit);
                }

                if (!fires) continue;
                foreach (var (target, after, amount) in effects[unit]) changes[(ms + SettleMs + after) % Ahead * units + target] += amount;
                if (ms >= 0) within.Add((random.Below(samplesPerMs), unit));
            }

            within.Sort();
            foreach (var (sample, unit) in within)
            {
                var at = (long)ms * samplesPerMs + sample;
                if (at == 0) continue;
                spikes.Add(at);
                rows.Add(unit);
            }
        }

        return ([.. spikes], [.. rows]);

        double Chance(int unit) => 1 - PortableMath.Exp(-PortableMath.Exp(Math.Min(bias[unit] + drive[unit] * Unit, 0)));
    }

    /// <summary>What a spike changes, how many ms later.</summary>
    private static (int Target, int After, long Amount)[] Effects(int source, IEnumerable<Coupling> couplings)
    {
        const double tail = 0.6;
        var list = new List<(int, int, long)>();
        foreach (var coupling in couplings) Add(coupling.Target, coupling.LagMs, coupling.Weight, tail * coupling.Weight);
        Add(source, 1, -3, -1);
        return [.. list];

        void Add(int target, int after, double first, double then)
        {
            var (high, low) = ((long)Math.Round(first / Unit), (long)Math.Round(then / Unit));
            list.Add((target, after, high));
            list.Add((target, after + HeightMs, low - high));
            list.Add((target, after + 2 * HeightMs, -low));
        }
    }
}
