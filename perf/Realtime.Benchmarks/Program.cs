using BenchmarkDotNet.Running;

// dotnet run -c Release --project perf/Realtime.Benchmarks -- --filter '*'
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
